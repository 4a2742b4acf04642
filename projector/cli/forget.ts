import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { projectToForget, sessionToForget } from '../answers/to-forget.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { HostDatabase } from '../host/host-database.ts';
import { openAnalytics } from '../store/analytics.ts';
import { eraseIdentities } from '../store/erase.ts';
import { type Forgettable, noteForgotten } from '../store/left-out-rows.ts';
import { Store } from '../store/store.ts';
import { askHolder } from './ask-holder.ts';
import type { Context } from './context.ts';
import { rebuildHere } from './rebuild.ts';

interface Options {
  readonly session?: string;
  readonly project?: string;
  readonly identities?: true;
  readonly all?: true;
}

export function forgetCommand(program: Command, context: () => Context): void {
  program
    .command('forget')
    .description('erase what is kept here, for good; the database of the daemon is not touched')
    .addOption(new Option('--session <id>', 'one session: its id, or its hash or subject as events print them'))
    .addOption(new Option('--project <id>', 'one project with its sessions and PRs: its id, or its hash'))
    .addOption(new Option('--identities', 'all raw ids; answers then show hashes'))
    .addOption(new Option('--all', 'everything, the key included; from then on only what is new is read'))
    .addHelpText('after', '\nExample:\n  ao-projector forget --session web-1')
    .action((options: Options) => forgetAction(context(), options));
}

async function forgetAction(context: Context, options: Options): Promise<void> {
  if (Object.keys(options).length !== 1) throw whatToForget(Object.keys(options));
  const { paths } = context;
  if (!existsSync(paths.analytics)) {
    context.err('Nothing is kept here.\n');
    return;
  }
  // A database of an older version is brought to this one first.
  openAnalytics(paths, context.now()).close();
  const { session, project } = options;
  if (session !== undefined) await forget(context, sessionToForget(paths, session));
  else if (project !== undefined) await forget(context, projectToForget(paths, project));
  else if (options.all) forgetAll(context);
  else forgetIdentities(context);
}

/**
 * Notes what is to be forgotten, and lets a rebuild leave it out and erase it. Once it is noted, whoever makes the derived
 * tables next does the same.
 */
async function forget(context: Context, thing: Forgettable): Promise<void> {
  const asked = await askHolder(context, 'forget', (analytics) => noteForgotten(analytics, thing));
  if (!asked) await forgetHere(context, thing);
  context.err('Forgotten.\n');
}

async function forgetHere(context: Context, thing: Forgettable): Promise<void> {
  const { paths, tiers, now, pid, err } = context;
  // Where no tier is on nothing new is written, and raw ids of others stay as they are.
  const store = Store.open({ paths, events: tiers.events || !tiers.metrics, now, pid });
  try {
    noteForgotten(store.analytics, thing);
    if (tiers.metrics && existsSync(paths.host)) {
      await rebuildHere(context, store);
      return;
    }
    store.leaveOut(store.toLeaveOut());
    store.dropDerived();
    store.finishErasing();
    err('The derived tables are removed; the next `run` or `rebuild` makes them anew.\n');
  } finally {
    store.close();
  }
}

function forgetAll({ paths, tiers, now, pid, err }: Context): void {
  const store = Store.open({ paths, events: tiers.events, now, pid });
  try {
    const head = existsSync(paths.host) ? headOf(paths.host) : 0;
    store.forgetAll(head);
    err(`Everything is forgotten, up to row ${head} of change_log. What comes after it is read by the next \`run\`.\n`);
  } finally {
    store.close();
  }
}

function headOf(hostPath: string): number {
  const host = HostDatabase.open(hostPath);
  try {
    return host.look(({ changes }) => changes.head());
  } finally {
    host.close();
  }
}

function forgetIdentities({ paths, tiers, now, err }: Context): void {
  const analytics = openAnalytics(paths, now());
  try {
    err(`Erased ${eraseIdentities(analytics)} raw ids.\n`);
  } finally {
    analytics.close();
  }
  if (tiers.events) {
    err(
      'AO_TELEMETRY_EVENTS is on: `run` keeps the ids of new rows, and a rebuild those of all rows. Set it off to keep none.\n',
    );
  }
}

function whatToForget(found: readonly string[]): ProjectorError {
  return new ProjectorError(
    {
      code: 'usage',
      message: 'It must be said what is to be forgotten.',
      expected: 'one of --session, --project, --identities and --all',
      found: found.map((name) => `--${name}`).join(' ') || 'none',
      remedy: 'See `ao-projector help forget` for examples.',
    },
    EXIT.usage,
  );
}
