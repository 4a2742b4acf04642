import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OracleEvent, oracle } from './oracle.ts';
import { TinyHost } from './tiny.ts';

export const URL = 'https://github.com/o/r/pull/7';
export const OTHER = 'https://github.com/o/r/pull/8';

/** What the oracle says of a host database that `write` fills. */
export function events(write: (host: TinyHost) => TinyHost, version = 19): OracleEvent[] {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    const path = join(folder, 'ao.db');
    write(new TinyHost(path, version)).close();
    return oracle(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `position name` of the events of sessions and PRs, short: without `ao.`. */
export function lines(write: (host: TinyHost) => TinyHost, version = 19): string[] {
  return events(write, version)
    .filter((event) => /#|^https:/.test(event.subject))
    .map((event) => `${event.position} ${event.name.slice(3)}`);
}

/** The end cause of each end, by its position. */
export function causes(write: (host: TinyHost) => TinyHost, version = 19): Record<number, string> {
  const killed = events(write, version).filter((event) => event.name === 'ao.session.killed');
  return Object.fromEntries(killed.map((event) => [event.position, event.dimensions.end_cause ?? '']));
}

/** Positions of the events with a name. */
export function positions(write: (host: TinyHost) => TinyHost, name: string, version = 19): number[] {
  return events(write, version)
    .filter((event) => event.name === name)
    .map((event) => event.position);
}

/** `stream position name` of the milestones. */
export function milestones(write: (host: TinyHost) => TinyHost): string[] {
  return events(write)
    .filter((event) => /^ao\.(onboarding|daemon\.started)/.test(event.name))
    .map((event) => `${event.stream} ${event.position} ${event.name}`);
}
