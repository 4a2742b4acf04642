import { type Command, Option } from 'commander';
import { parseBound } from '../answers/bounds.ts';
import type { Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import { type Context, jsonOption, nowOption } from './context.ts';
import { printEvents } from './events.ts';
import { printFailures } from './failures.ts';
import { table, time } from './format.ts';

const LAST_EVENTS = 20;

interface Options {
  readonly since: string;
  readonly preview?: true;
  readonly json?: true;
  readonly now?: number;
}

export function bugReportCommand(program: Command, context: () => Context): void {
  const command = program
    .command('bug-report')
    .description(
      'writes one zip into this folder, with the facts of a window and no ids, names or texts; sends nothing',
    )
    .addOption(
      new Option('--since <time>', 'the window: what came since then, and its sessions from their start').default(
        '24h',
      ),
    )
    .option('--preview', 'say what would be inside, and write nothing')
    .addOption(jsonOption())
    .addOption(nowOption())
    .addHelpText('after', '\nExample:\n  ao-projector bug-report --since 2h')
    .action((options: Options) => bugReportAction(context(), options));
  command
    .command('open')
    .description('what is inside of a bug report')
    .argument('<file>', 'the zip')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ao-projector bug-report open ao-projector-bug-report-20260614T120500Z.zip')
    .action((file: string, _: Options, self: Command) => openAction(context(), file, self.optsWithGlobals<Options>()));
}

async function bugReportAction({ paths, tiers, now: clock, out }: Context, options: Options): Promise<void> {
  // Loaded here, for other commands do without it.
  const { makeBundle } = await import('../bundle/make.ts');
  const { saveBundle } = await import('../bundle/save.ts');
  const { unlessStopped, withTemporaryFolder } = await import('../bundle/temporary-folder.ts');
  const { zip } = await import('../bundle/zip.ts');
  const now = options.now ?? clock();
  const since = parseBound(options.since, now)!;
  const { manifest, bytes } = await withTemporaryFolder(async (folder, stop) => {
    const made = makeBundle({ paths, tiers, since, now, folder });
    await unlessStopped(stop);
    return { manifest: made.manifest, bytes: zip(made.files) };
  });
  const file = options.preview ? null : saveBundle('.', bytes, now);
  if (options.json) out(`${JSON.stringify({ ...answer(manifest), file, bytes: bytes.length })}\n`);
  else out(`${file ?? 'Nothing was written'}: ${bytes.length} bytes\n\n${printManifest(manifest)}${NOTHING_SENT}`);
}

async function openAction({ out }: Context, file: string, { json }: Options): Promise<void> {
  const { openBundle } = await import('../bundle/open.ts');
  const bundle = openBundle(file);
  if (json) out(`${JSON.stringify({ ...answer(bundle.manifest), ...bundle.derived })}\n`);
  else out(printBundle(bundle));
}

const NOTHING_SENT = '\nNothing was sent anywhere. What is inside: docs/bug-reports.md\n';

/** What is known of a bundle, in the form of an answer. */
function answer(manifest: Manifest) {
  return { now: manifest.made_at, as_of: manifest.as_of, manifest };
}

function printBundle({ manifest, derived }: Bundle): string {
  const { events, failures } = derived;
  const last = events.slice(-LAST_EVENTS);
  return [
    `made ${time(manifest.made_at)} by ao-projector ${manifest.version}\n\n`,
    printManifest(manifest),
    `\n${printFailures(failures.groups, failures.now)}`,
    last.length === 0 ? '\nNo event.\n' : `\nthe last ${last.length} of ${events.length} events\n${printEvents(last)}`,
  ].join('');
}

function printManifest({ since, made_at, counts, left_out: left, files }: Manifest): string {
  const of: Readonly<Record<string, string>> = {
    'change_log.ndjson': `${counts.change_log} facts, ${counts.rejected} rows that did not fit`,
    'journal.ndjson': `${counts.journal} facts`,
    'events.ndjson': `${counts.events} events, derived from these facts`,
    'failures.json': `${counts.failure_groups} groups`,
  };
  const inside = files.map(({ name, bytes }) => [name, String(bytes), of[name] ?? '']);
  return [
    `window      from ${time(since)} to ${time(made_at)}\n`,
    `left out    ${left.change_log} facts of change_log and ${left.journal} of the journal, from before the window\n`,
    `            ${left.rejected} rows that did not fit (what is inside is where they stand, and why)\n`,
    `            ${left.unknown} rows of types that this version does not know\n`,
    `            ${left.facts} facts and ${left.fields} fields that are not on the list of what may be inside\n\n`,
    table(['file', 'bytes', ''], inside, [1]),
  ].join('');
}
