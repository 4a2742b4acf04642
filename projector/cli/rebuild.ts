import { existsSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { ProjectorError } from '../errors.ts';
import { openAnalytics } from '../store/analytics.ts';
import { isHeld, readLease } from '../store/lease.ts';
import { Store } from '../store/store.ts';
import { type Context, maySwitchOn } from './context.ts';
import { Progress } from './progress.ts';

const ASK_EVERY_MS = 100;

export function rebuildCommand(program: Command, context: () => Context): void {
  program
    .command('rebuild')
    .description('make the derived tables anew from sequence zero, and then current in one step')
    .addHelpText('after', '\nExample:\n  AO_TELEMETRY_EVENTS=on ao-projector rebuild')
    .action(() => rebuildAction(context()));
}

async function rebuildAction(context: Context): Promise<void> {
  if (!maySwitchOn(context)) return;
  if (await askHolder(context)) return;
  const { paths, tiers, now, pid } = context;
  const { rebuild } = await import('../pipeline/rebuild.ts');
  const store = Store.open({ paths, events: tiers.events, now, pid });
  const progress = new Progress(context);
  try {
    for (const step of rebuild(store)) {
      progress.show(step);
      await setImmediate();
    }
    progress.done();
    context.err('Rebuilt.\n');
  } finally {
    store.close();
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
