import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import { destinationsOf } from '../exports/destinations.ts';
import { eraseLedger, type LedgerAnswer, ledger, ledgerPayload, payloadAnswer } from '../exports/ledger.ts';
import type { Preview } from '../exports/preview.ts';
import { SINKS, type SinkName } from '../exports/sinks.ts';
import { type ExportStatusAnswer, exportStatus, type SinkStatus } from '../exports/status.ts';
import { remoteWord } from '../remote.ts';
import { openAnalytics, openAnalyticsReadOnly } from '../store/analytics.ts';
import { type Context, jsonOption } from './context.ts';
import { table, time } from './format.ts';

const LISTED = 20;

interface Options {
  readonly json?: true;
}

export function exportCommand(program: Command, context: () => Context): void {
  const exports = program
    .command('export')
    .description('what is sent elsewhere, if anything: where to, what would be next, and what was')
    .addHelpText('after', '\nExample:\n  ao-projector export preview');
  exports
    .command('status')
    .description('where metrics and events are sent to, and what came of it last')
    .addOption(jsonOption())
    .action((options: Options) => statusAction(context(), options));
  exports
    .command('preview')
    .description('exactly what would be sent next, before it is compressed; `none` where nothing would be')
    .addOption(new Option('--sink <sink>', 'the bare bytes of one sink').choices(SINKS))
    .addOption(jsonOption())
    .action((options: Options & { sink?: SinkName }) => previewAction(context(), options));
  exports
    .command('ledger')
    .description('everything that was sent, the latest first')
    .argument('[number]', 'the bare bytes of one entry', whole)
    .addOption(new Option('--limit <count>', 'so many entries').argParser(whole).default(LISTED))
    .option('--erase', 'erase what was sent from here, for good')
    .addOption(jsonOption())
    .action((id: number | undefined, options: LedgerOptions) => ledgerAction(context(), id, options));
}

async function statusAction({ env, paths, tiers, now, out }: Context, { json }: Options): Promise<void> {
  const { all } = await destinationsOf(env, tiers, now);
  const analytics = openAnalyticsReadOnly(paths);
  try {
    const answer = exportStatus(analytics, all, remoteWord(tiers.remote), now());
    out(json ? `${JSON.stringify(answer)}\n` : printStatus(answer));
  } finally {
    analytics?.close();
  }
}

async function previewAction(context: Context, { json, sink }: Options & { sink?: SinkName }): Promise<void> {
  const { env, tiers, now, out } = context;
  // Loaded here, with what writes requests: other commands do without it.
  const { preview, previewAnswer } = await import('../exports/preview.ts');
  const destinations = await destinationsOf(env, tiers, now);
  const source = sourceOf(context);
  try {
    const all = source ? await preview(context.paths, source, destinations, now()) : [];
    const previews = all.filter((one) => sink === undefined || one.sink === sink);
    if (json) out(`${JSON.stringify(previewAnswer(previews, now(), source?.asOf() ?? null))}\n`);
    else if (sink === undefined) out(previews.map(printPreview).join('\n') || 'none\n');
    else {
      const [found] = previews;
      if (found) context.write(found.body);
      else out('none\n');
    }
  } finally {
    source?.close();
  }
}

/** Null where nothing was derived: then nothing would be sent. */
function sourceOf({ paths, tiers }: Context): Source | null {
  try {
    return Source.open(paths, { ...tiers, events: false });
  } catch (error) {
    if (error instanceof ProjectorError && error.code === 'nothing_derived') return null;
    throw error;
  }
}

interface LedgerOptions extends Options {
  readonly limit: number;
  readonly erase?: true;
}

function ledgerAction(context: Context, id: number | undefined, { json, limit, erase }: LedgerOptions): void {
  const { paths, now, out } = context;
  if (erase) {
    eraseAction(context);
    return;
  }
  const analytics = openAnalyticsReadOnly(paths);
  try {
    if (id !== undefined) context.write(ledgerPayload(analytics, id));
    else {
      const answer = ledger(analytics, now(), limit);
      out(json ? `${JSON.stringify(answer)}\n` : printLedger(answer));
    }
  } finally {
    analytics?.close();
  }
}

function eraseAction({ paths, now, err }: Context): void {
  if (!existsSync(paths.analytics)) {
    err('Nothing is kept here.\n');
    return;
  }
  const analytics = openAnalytics(paths, now());
  try {
    err(`Erased ${eraseLedger(analytics)} entries.\n`);
  } finally {
    analytics.close();
  }
}

function printStatus({ sinks, revised }: ExportStatusAnswer): string {
  const rows = sinks.map((one) => [
    one.sink,
    one.destination ?? `off: ${one.off}`,
    time(one.since),
    one.waiting === null ? '-' : String(one.waiting),
    lastOf(one),
  ]);
  return `${table(['sink', 'to', 'since', 'waiting', 'last'], rows, [3])}${printRevised(revised)}`;
}

function lastOf({ last }: SinkStatus): string {
  if (last === null) return '-';
  const again = last.attempts === 1 ? '' : `, attempt ${last.attempts}`;
  return `${time(last.at)}: ${last.items} items, ${last.result}${again}${last.done ? '' : '; it is sent again'}`;
}

function printPreview({ sink, destination, items, body }: Preview): string {
  const { encoding, bytes, body: text } = payloadAnswer(body);
  const note = encoding === 'base64' ? ', here in base64' : '';
  return `${sink} to ${destination}: ${items} items in ${bytes} bytes${note}\n${text}\n`;
}

function printLedger({ sent, revised }: LedgerAnswer): string {
  if (sent.length === 0) return 'Nothing was sent.\n';
  const rows = sent.map(({ id, sink, destination, at, attempts, items, result, payload }) => [
    ...[String(id), time(at), sink, destination, String(items), String(payload.bytes), String(attempts), result ?? '-'],
  ]);
  const drawn = table(['number', 'sent', 'sink', 'to', 'items', 'bytes', 'attempts', 'result'], rows, [0, 4, 5, 6]);
  return `${drawn}${printRevised(revised)}`;
}

function printRevised(count: number): string {
  return count === 0 ? '' : `Revised since they were taken in, and not sent again: ${count}\n`;
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above 0.');
}
