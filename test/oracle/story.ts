import { isSessionRow, type SessionRow } from './decode.ts';
import type { Log } from './read.ts';
import type { Nanoseconds } from './time.ts';

/** One life of a session id: its creation row and the session rows up to the next creation row of that id. */
export type Incarnation = { name: string; session: string; rows: SessionRow[]; retracted: boolean };

/** A row that takes `isTerminated` from false to true, and the row that undoes it. */
export type End = { row: SessionRow; incarnation: Incarnation; restore: SessionRow | null };

/** The log, and what every rule asks of it: each computed once, from the whole log. */
export type Story = Log & {
  sessionRows: SessionRow[];
  incarnations: Incarnation[];
  /** In `seq` order, those of failed and retracted incarnations too: their rows are rows of the log. */
  ends: End[];
  /** Times of the daemon starts that are recorded. */
  starts: Nanoseconds[];
};

export function tell(log: Log): Story {
  const sessionRows = log.changes.filter(isSessionRow);
  const incarnations = findIncarnations(sessionRows);
  const starts = log.telemetry.filter((row) => row.name === 'ao.daemon.started').map((row) => row.time);
  return { ...log, sessionRows, incarnations, ends: findEnds(incarnations), starts };
}

function findIncarnations(sessionRows: SessionRow[]): Incarnation[] {
  const births = sessionRows.filter((row) => row.kind === 'session_created');
  return births.map((birth) => {
    const next = births.find((other) => other.session === birth.session && other.seq > birth.seq);
    const rows = sessionRows.filter(
      (row) => row.session === birth.session && row.seq >= birth.seq && (next === undefined || row.seq < next.seq),
    );
    return { name: `${birth.session}#${birth.seq}`, session: birth.session, rows, retracted: next !== undefined };
  });
}

function findEnds(incarnations: Incarnation[]): End[] {
  const found: End[] = [];
  for (const incarnation of incarnations) {
    for (const [before, row] of steps(incarnation)) {
      if (before.terminated || !row.terminated) continue;
      const restore = incarnation.rows.find((later) => later.seq > row.seq && !later.terminated) ?? null;
      found.push({ row, incarnation, restore });
    }
  }
  return found.sort((one, other) => one.row.seq - other.row.seq);
}

/** Each row after the creation row, with the one before it. */
export function steps({ rows }: Incarnation): [SessionRow, SessionRow][] {
  return rows.slice(1).map((row, index) => [rows[index]!, row]);
}

/** The incarnation that a session id means at a row of the log. */
export function incarnationAt(story: Story, session: string, seq: number): Incarnation | null {
  return story.incarnations.findLast((one) => one.session === session && one.rows[0]!.seq <= seq) ?? null;
}

/** Was the host older than this version at this time? Where no migration is known: no. */
export function isBelow({ migrations }: Log, version: number, time: Nanoseconds): boolean {
  const applied = migrations.filter((migration) => migration.time <= time);
  const first = migrations.filter((migration) => migrations.every((other) => migration.time <= other.time));
  const then = (applied.length > 0 ? applied : first).map((migration) => migration.version);
  return then.length > 0 && Math.max(...then) < version;
}
