import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

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
    const result = await use(folder, stop.signal);
    // What came while nothing else could run is heard now.
    await turn();
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    for (const signal of STOPPING) process.off(signal, abort);
  }
}
