import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { openAnalytics } from '../store/analytics.ts';
import { isHeld, readLease } from '../store/lease.ts';
import type { Context } from './context.ts';
import { Progress } from './progress.ts';

const ASK_EVERY_MS = 100;

/**
 * Asks the process that holds the lease to rebuild, and shows how far it is. What `note` writes into `analytics.db` is
 * committed with the request. Returns false, and does nothing, when nobody holds it.
 */
export async function askHolder(
  context: Context,
  command: string,
  note: (analytics: Database) => void = () => {},
): Promise<boolean> {
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
    const ask = analytics.transaction(() => {
      note(analytics);
      return requests.ask(now());
    });
    const id = ask.immediate();
    const progress = new Progress(context);
    context.err(`Asked the ao-projector that runs here (pid ${lease.pid}) to rebuild.\n`);
    for (;;) {
      const request = requests.get(id);
      if (!request || request.state === 'failed') throw failed(command, request?.error ?? 'The request is gone.');
      if (request.state === 'done') break;
      if (!holder()) throw failed(command, 'The process that was asked has stopped.');
      if (request.state === 'running') progress.show(request);
      await setTimeout(ASK_EVERY_MS);
    }
    progress.done();
    return true;
  } finally {
    analytics.close();
  }
}

function failed(command: string, found: string): ProjectorError {
  return new ProjectorError({
    code: 'rebuild_failed',
    message: 'What was asked was not finished.',
    expected: 'the running ao-projector to finish it',
    found,
    remedy: `Run \`ao-projector ${command}\` again.`,
  });
}
