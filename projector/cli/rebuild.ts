import { existsSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { ProjectorError } from '../errors.ts';
import { openAnalytics } from '../store/analytics.ts';
import type { Change } from '../store/derived/compare.ts';
import { isHeld, readLease } from '../store/lease.ts';
import { OTHER_PROJECTIONS, Store } from '../store/store.ts';
import { comparison } from './comparison.ts';
import { type Context, maySwitchOn } from './context.ts';
import { printChanges } from './differences.ts';
import { Progress } from './progress.ts';

const ASK_EVERY_MS = 100;

export function rebuildCommand(program: Command, context: () => Context): void {
  program
    .command('rebuild')
    .description('make the derived tables anew from sequence zero, and then current in one step')
    .option('--plan', 'show which rows would appear, vanish or change, and rebuild nothing')
    .addHelpText('after', '\nExample:\n  AO_TELEMETRY_EVENTS=on ao-projector rebuild')
    .action(({ plan }: { plan?: true }) => (plan ? planAction(context()) : rebuildAction(context())));
}

async function planAction(context: Context): Promise<void> {
  if (!maySwitchOn(context)) return;
  const { paths, now, out } = context;
  const analytics = openAnalytics(paths, now());
  try {
    const { positions, changes } = await comparison(context, analytics);
    out(printChanges(changes));
    out(`at change_log ${positions.change_log}, telemetry ${positions.telemetry}\n`);
  } finally {
    analytics.close();
  }
}

async function rebuildAction(context: Context): Promise<void> {
  if (!maySwitchOn(context)) return;
  if (await askHolder(context)) return;
  const { paths, tiers, now, pid } = context;
  const { rebuild } = await import('../pipeline/rebuild.ts');
  const store = Store.open({ paths, events: tiers.events, now, pid });
  const progress = new Progress(context);
  try {
    const present = store.current();
    const isOfOtherVersion = 'stale' in present && present.stale === OTHER_PROJECTIONS;
    const changes = isOfOtherVersion ? await changesBefore(context, store) : null;
    for (const step of rebuild(store)) {
      progress.show(step);
      await setImmediate();
    }
    progress.done();
    context.err('Rebuilt.\n');
    if (changes) context.out(printChanges(changes));
  } finally {
    store.close();
  }
}

/** What the rebuild will change in rows that rest on the same facts; null where the facts are not the same any more. */
async function changesBefore(context: Context, store: Store): Promise<readonly Change[] | null> {
  try {
    return (await comparison(context, store.analytics)).changes;
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    context.err(`Not compared with the tables that were there. ${error.message}\n`);
    return null;
  }
}

/** Asks the process that holds the lease to do the work, and shows how far it is. Returns false when nobody holds it. */
async function askHolder(context: Context): Promise<boolean> {
  const { paths, now, pid } = context;
  const { RebuildRequests } = await import('../pipeline/rebuild-requests.ts');
  if (!existsSync(paths.analytics)) return false;
  const analytics = openAnalytics(paths, now());
  try {
    const holder = () => {
      const lease = readLease(analytics);
      return lease && isHeld(lease, pid, now()) ? lease : null;
    };
    const lease = holder();
    if (!lease) return false;
    const requests = new RebuildRequests(analytics);
    const id = requests.ask(now());
    const progress = new Progress(context);
    context.err(`Asked the ao-projector that runs here (pid ${lease.pid}) to rebuild.\n`);
    for (;;) {
      const request = requests.get(id);
      if (!request || request.state === 'failed') throw failed(request?.error ?? 'The request is gone.');
      if (request.state === 'done') break;
      if (!holder()) throw failed('The process that was asked has stopped.');
      if (request.state === 'running') progress.show(request);
      await setTimeout(ASK_EVERY_MS);
    }
    progress.done();
    context.err('Rebuilt.\n');
    return true;
  } finally {
    analytics.close();
  }
}

function failed(found: string): ProjectorError {
  return new ProjectorError({
    code: 'rebuild_failed',
    message: 'The rebuild was not finished; the tables are as they were.',
    expected: 'the running ao-projector to finish it',
    found,
    remedy: 'Run `ao-projector rebuild` again.',
  });
}
