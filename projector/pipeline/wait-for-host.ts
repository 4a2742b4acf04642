import { setTimeout } from 'node:timers/promises';
import { ProjectorError } from '../errors.ts';
import { HostDatabase, isTransient } from '../host/host-database.ts';

const TRY_EVERY_MS = 500;

/** Waits until the host database is there and can be read. False when stopped meanwhile; throws what waiting cannot mend. */
export async function waitForHost(
  path: string,
  notice: (message: string) => void,
  isStopped: () => boolean,
): Promise<boolean> {
  let said = '';
  while (!isStopped()) {
    try {
      HostDatabase.open(path).close();
      return true;
    } catch (error) {
      if (!mayPass(error)) throw error;
      const { message } = error as Error;
      if (message !== said) notice(`Waiting: ${message}`);
      said = message;
    }
    await setTimeout(TRY_EVERY_MS);
  }
  return false;
}

/** Whether the cause may pass by itself: the database is locked, or not made yet. */
export function mayPass(error: unknown): boolean {
  if (isTransient(error)) return true;
  return error instanceof ProjectorError && (error.code === 'host_missing' || error.code === 'no_change_log');
}
