import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { ProjectorError } from '../errors.ts';
import { openAnalytics } from '../store/analytics.ts';
import type { Change } from '../store/derived/compare.ts';
import { OTHER_PROJECTIONS, Store } from '../store/store.ts';
import { askHolder } from './ask-holder.ts';
import { comparison } from './comparison.ts';
import { type Context, maySwitchOn } from './context.ts';
import { printChanges } from './differences.ts';
import { Progress } from './progress.ts';

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
  if (!(await askHolder(context, 'rebuild'))) {
    const { paths, tiers, now, pid, out } = context;
    const store = Store.open({ paths, events: tiers.events, now, pid });
    try {
      const present = store.current();
      const isOfOtherVersion = 'stale' in present && present.stale === OTHER_PROJECTIONS;
      const changes = isOfOtherVersion ? await changesBefore(context, store) : null;
      await rebuildHere(context, store);
      if (changes) out(printChanges(changes));
    } finally {
      store.close();
    }
  }
  context.err('Rebuilt.\n');
}

/** Rebuilds in this process, which holds the store, and shows how far it is. */
export async function rebuildHere(context: Context, store: Store): Promise<void> {
  const { rebuild } = await import('../pipeline/rebuild.ts');
  const progress = new Progress(context);
  for (const step of rebuild(store)) {
    progress.show(step);
    await setImmediate();
  }
  progress.done();
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
