import { install } from '../../triggers/install.ts';
import { holdBound } from '../../triggers/retention.ts';
import { writeHost } from '../../triggers/write-host.ts';
import { HostDatabase } from '../host/host-database.ts';
import type { TriggersState } from '../host/trigger-state.ts';

const WRONG: Partial<Record<TriggersState, string>> = {
  missing: 'Some of our triggers are missing: a migration of the daemon rebuilt their tables.',
  outdated: 'Some of our triggers are of another version.',
  foreign: 'Something that ao-projector did not make bears the name of a trigger of ours.',
};

/**
 * Says what is wrong with the triggers, and installs them again where that was asked for. The tail goes on whether or not it
 * works: without triggers every answer still holds, with less detail.
 */
export function watchTriggers(
  path: string,
  state: TriggersState,
  heal: boolean,
  now: number,
  notice: (message: string) => void,
): void {
  const wrong = WRONG[state];
  if (wrong && !heal) notice(`${wrong} See \`ao-projector triggers verify\`, or run with --heal.`);
  if (!heal || state === 'none') return;
  try {
    if (wrong) {
      const version = schemaVersion(path);
      const made = writeHost(path, { whileRunning: true, daemon: null }, (db) => install(db, version, now));
      notice(`${wrong} Installed ${made} again.`);
    }
    holdBound(path);
  } catch (error) {
    notice(`${wrong ?? 'Old rows of our triggers are left.'} It could not be mended: ${(error as Error).message}`);
  }
}

function schemaVersion(path: string): number | null {
  const host = HostDatabase.open(path);
  try {
    return host.look(({ probe }) => probe.schemaVersion);
  } finally {
    host.close();
  }
}
