import { readFileSync } from 'node:fs';
import { isAlive } from './process-alive.ts';
import { parseObject } from './values.ts';

/**
 * Pid of the daemon that the run file names, if it is alive; else null. A stale file is normal after a hard kill, and a daemon
 * that starts or stops has none, so null proves nothing.
 */
export function runningDaemon(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const pid = parseObject(text)?.pid;
  return Number.isSafeInteger(pid) && (pid as number) > 0 && isAlive(pid as number) ? (pid as number) : null;
}
