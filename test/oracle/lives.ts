import type Database from 'better-sqlite3';
import type { Log } from './read.ts';
import type { End, Incarnation, Story } from './story.ts';
import { MILLISECOND, type Nanoseconds, parseTime, SECOND } from './time.ts';

const TEN_MINUTES = 600n * SECOND;

/** One fact that a trigger of ours wrote into the host database, or a marker of their coming or going. */
export type Seen = {
  rowid: number;
  name: string;
  session: string | null;
  time: Nanoseconds;
  /** Creation time of the incarnation that the fact is about. */
  created: Nanoseconds | null;
  launched: boolean;
  runtimeGone: boolean;
};

/** What the triggers saw of an incarnation that they covered. */
export type Life = { launched: Nanoseconds | null; signal: Seen | null; gone: Nanoseconds[] };

export function readSeen(host: Database.Database): Seen[] {
  const exists = host.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'telemetry_event'").get();
  if (exists === undefined) return [];
  const rows = host
    .prepare<[], { rowid: number; name: string; session_id: string | null; occurred_at: string; payload_json: string }>(
      "SELECT rowid, * FROM telemetry_event WHERE source = 'ao-projector' ORDER BY rowid",
    )
    .all();
  return rows.map((row) => {
    const payload = JSON.parse(row.payload_json) as Record<string, unknown>;
    return {
      rowid: row.rowid,
      name: row.name.replace('ao_projector.', ''),
      session: row.session_id,
      time: parseTime(row.occurred_at)!,
      created: parseTime(payload.created_at),
      launched: payload.launched === true,
      runtimeGone: payload.runtime_gone === true,
    };
  });
}

/**
 * Covered: the creation was seen, and no removal of the triggers follows within ten minutes of it. `null` where it was not, and
 * then all is told as without triggers.
 */
export function lifeOf({ seen }: Log, { session, rows }: Incarnation): Life | null {
  const birth = rows[0]!.time;
  const own = seen.filter((fact) => fact.session === session && fact.created === birth);
  const creation = own.find((fact) => fact.name === 'session_created');
  if (creation === undefined || seen.some((fact) => isRemovalSoonAfter(fact, birth))) return null;
  const launch = creation.launched ? creation : own.find((fact) => fact.name === 'session_launched');
  return {
    launched: launch?.time ?? null,
    signal: own.find((fact) => fact.name === 'session_first_signal') ?? null,
    gone: own.filter((fact) => fact.name === 'session_ended' && fact.runtimeGone).map((fact) => fact.time),
  };
}

function isRemovalSoonAfter({ name, time }: Seen, birth: Nanoseconds): boolean {
  return name === 'triggers_uninstalled' && time >= birth && time - birth <= TEN_MINUTES;
}

/** What was not launched within ten minutes never was a session. */
export function wasLaunched({ launched }: Life, { rows }: Incarnation): boolean {
  return launched !== null && launched - rows[0]!.time <= TEN_MINUTES;
}

/** From the creation to the launch, to the nearest millisecond. */
export function launchMs({ launched }: Life, { rows }: Incarnation): number {
  const took = launched! - rows[0]!.time;
  return took < 0n ? 0 : Number((took + MILLISECOND / 2n) / MILLISECOND);
}

/** The reaper's mark, seen on that very end. */
export function isRuntimeGone(story: Story, { row, incarnation }: End): boolean {
  return lifeOf(story, incarnation)?.gone.some((time) => time === row.time) ?? false;
}
