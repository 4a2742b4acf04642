import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventAnswer, events } from '../answers/events.ts';
import type { BundleFacts } from '../bundle/facts.ts';
import { invalidBundle } from '../bundle/problem.ts';
import { askProjected, projectFacts } from '../bundle/project.ts';
import { factLines, readFacts } from '../bundle/read-facts.ts';
import { parseObject } from '../host/values.ts';

/** An event as a spec says it: without the ids that are made of others. */
export interface FixtureEvent extends Pick<EventAnswer, 'name' | 'dimensions' | 'measures'> {
  /** Alias of a session, a project or a PR, or the command; null for the install. */
  readonly subject: string | null;
  /** ISO, UTC. */
  readonly at: string;
  /** Such as `change_log 12`. */
  readonly cause: string;
}

/** Facts as a fixture holds them, one a line. */
export function fixtureText(facts: BundleFacts): string {
  const { change_log, journal } = factLines(facts);
  const list = (rows: readonly object[]) =>
    rows.length === 0 ? '[]' : `[\n    ${rows.map((row) => JSON.stringify(row)).join(',\n    ')}\n  ]`;
  return `{\n  "change_log": ${list(change_log)},\n  "journal": ${list(journal)}\n}\n`;
}

/** What is derived from the facts in a fixture, oldest first. */
export function eventsOfFixture(path: string | URL): FixtureEvent[] {
  const fixture = parseObject(readFileSync(path, 'utf8'));
  const lines = (rows: unknown) => {
    if (!Array.isArray(rows)) throw invalidBundle('The fixture', 'lists of facts, `change_log` and `journal`', 'none');
    return rows.map((row) => JSON.stringify(row));
  };
  return eventsOfFacts(readFacts(lines(fixture?.change_log), lines(fixture?.journal)));
}

export function eventsOfFacts(facts: BundleFacts): FixtureEvent[] {
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-'));
  try {
    return askProjected(projectFacts(folder, facts), (source) => {
      const all = { since: null, until: null, project: null, names: [] };
      return [...events(source, all)].map(fixtureEvent);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function fixtureEvent({
  name,
  at,
  cause_stream,
  cause_position,
  dimensions,
  measures,
  raw,
}: EventAnswer): FixtureEvent {
  return {
    name,
    subject: raw?.subject ?? null,
    at: new Date(at).toISOString(),
    cause: `${cause_stream} ${cause_position}`,
    dimensions,
    measures,
  };
}
