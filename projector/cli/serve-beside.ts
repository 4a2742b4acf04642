import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { packagePath } from '../store/paths.ts';

/**
 * Starts `serve` as a process of its own that lets others go first, so that whoever looks never slows the tail. It ends with this
 * process, however that ends. `notice` is told if it ends before.
 */
export function serveBeside(port: number | undefined, notice: (message: string) => void): { close(): void } {
  const command = [packagePath('dist', 'projector', 'cli', 'main.js'), 'serve'];
  if (port !== undefined) command.push('--port', String(port));
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  lower(child);
  let isWanted = true;
  child.on('exit', () => {
    if (isWanted) notice('The page is not served any more; the tail goes on.');
  });
  return {
    close: () => {
      isWanted = false;
      child.kill();
    },
  };
}

function lower({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Where this is not allowed it competes like any other process.
  }
}
