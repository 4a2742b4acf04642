import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { ProjectorError } from '../errors.ts';

/** Hears what came while nothing else could run; throws where that was a word to stop. */
export async function unlessStopped(stop: AbortSignal): Promise<void> {
  await turn();
  if (!stop.aborted) return;
  throw new ProjectorError({
    code: 'stopped',
    message: 'Stopped before it was done.',
    expected: 'time to come to an end',
    found: 'a signal to stop',
    remedy: 'Nothing was written. Try again.',
  });
}

const STOPPING = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs with an empty folder that is gone afterwards, also when the process is told to stop: then the signal is aborted, and
 * whoever waits has to come to an end.
 */
export async function withTemporaryFolder<T>(use: (folder: string, stop: AbortSignal) => Promise<T> | T): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of STOPPING) process.on(signal, abort);
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-'));
  try {
    return await use(folder, stop.signal);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    for (const signal of STOPPING) process.off(signal, abort);
  }
}
