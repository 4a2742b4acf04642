import { readFileSync } from 'node:fs';
import type { Instant } from '../../projections/instant.ts';
import { isAlive } from './process-alive.ts';
import { parseTimestamp } from './timestamp.ts';
import { parseObject } from './values.ts';

/** What a daemon writes once it is up, and takes away first thing when it stops. */
export interface RunFile {
  readonly pid: number;
  /** When it was up; null where the file does not say. */
  readonly startedAt: Instant | null;
}

/** The run file at a path; null where there is none, or none that names a process. */
export function readRunFile(path: string): RunFile | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { pid, startedAt } = parseObject(text) ?? {};
  if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return null;
  return { pid: pid as number, startedAt: typeof startedAt === 'string' ? parseTimestamp(startedAt) : null };
}

/**
 * Pid of the daemon that the run file names, if it is alive; else null. A stale file is normal after a hard kill, and a daemon
 * that starts or stops has none, so null proves nothing.
 */
export function runningDaemon(path: string): number | null {
  const run = readRunFile(path);
  return run && isAlive(run.pid) ? run.pid : null;
}
