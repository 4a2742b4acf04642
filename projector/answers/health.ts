import { duration } from './duration.ts';
import type { StatusAnswer } from './status.ts';

/** One thing that should hold where `run` is meant to run. */
export interface Check {
  readonly name: 'host' | 'behind' | 'stalled' | 'verified' | 'triggers' | 'disk';
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
  /** What to do; null where it holds. */
  readonly remedy: string | null;
}

/** What a status does not tell. */
export interface Observed {
  /** For how long rows may wait, in milliseconds. */
  readonly limitMs: number;
  /** Room for this user on the file system of the data directory; null where there is no such directory yet. */
  readonly freeBytes: number | null;
}

/** So many rows may wait, however young they are: at the pace of a daemon that is hours, and `run` reads them in a moment. */
export const MOST_WAITING_ROWS = 10_000;

/** What must be free beside a second derived file: for journal, WAL and the daemon itself. */
export const FREE_FLOOR_BYTES = 256 * 2 ** 20;

/**
 * Whether all is well, as far as a status tells; one check each. While analytics are off nothing is expected of the machine,
 * so all of them hold. What is rejected and what gaps there are is no failure: rebuild and live tables agree on both.
 */
export function healthChecks(answer: StatusAnswer, observed: Observed): readonly Check[] {
  const checks = [
    host(answer),
    behind(answer, observed),
    stalled(answer, observed),
    verified(answer),
    triggers(answer),
    disk(answer, observed),
  ];
  if (answer.tiers.metrics) return checks;
  return checks.map((check) => holds(check, 'analytics are off'));
}

type Expectation = Pick<Check, 'name' | 'expected'>;

function holds({ name, expected }: Expectation, found: string): Check {
  return { name, ok: true, expected, found, remedy: null };
}

function fails({ name, expected }: Expectation, found: string, remedy: string): Check {
  return { name, ok: false, expected, found, remedy };
}

/** The host may be missing until something was derived from it. */
function host({ host: { schema_version, problem, problem_code, other_history }, streams }: StatusAnswer): Check {
  const check = { name: 'host', expected: "the daemon's database, the one that was read so far" } as const;
  if (other_history !== null) {
    const remedy = 'Run `ao-projector rebuild` to begin a new history from it, then `ao-projector run`.';
    return fails(check, `another one: ${other_history}`, remedy);
  }
  if (problem === null) return holds(check, `schema version ${schema_version ?? 'unknown'}`);
  const isAwaited = problem_code === 'host_missing' || problem_code === 'no_change_log';
  if (isAwaited && streams === null) return holds(check, `${problem} Nothing was derived from it yet.`);
  const remedy = 'Set AO_DATA_DIR to the data directory of the daemon, and run as the user that runs the daemon.';
  return fails(check, problem, remedy);
}

function behind(answer: StatusAnswer, { limitMs }: Observed): Check {
  const { rows, forMs, found } = waiting(answer);
  const expected = `no row that waits for longer than ${duration(limitMs)}, and at most ${MOST_WAITING_ROWS} that wait`;
  const check = { name: 'behind', expected } as const;
  if (rows <= MOST_WAITING_ROWS && forMs <= limitMs) return holds(check, found);
  const { lease } = answer;
  return fails(
    check,
    found,
    lease ? `Wait until pid ${lease.pid} has read them; \`ao-projector status\` says how far it is.` : START,
  );
}

const START = 'Start `ao-projector run`.';

function stalled(answer: StatusAnswer, { limitMs }: Observed): Check {
  const check = { name: 'stalled', expected: `rows that wait are read within ${duration(limitMs)}` } as const;
  const { rows, forMs, found } = waiting(answer);
  if (rows === 0) return holds(check, found);
  const { now, lease, last_commit_at } = answer;
  if (!lease) {
    const nothingRuns = `nothing runs, and ${found}`;
    return forMs <= limitMs ? holds(check, nothingRuns) : fails(check, nothingRuns, START);
  }
  const { pid, since } = lease;
  const hasCommitted = last_commit_at !== null && last_commit_at > since;
  const idleMs = Math.max(0, now - (hasCommitted ? last_commit_at : since));
  const lastDid = `${hasCommitted ? 'committed last' : 'began'} ${duration(idleMs)} ago`;
  const runs = `pid ${pid} runs and ${lastDid}; ${found}`;
  if (forMs <= limitMs || idleMs <= limitMs) return holds(check, runs);
  const remedy = `What pid ${pid} wrote to stderr says what it waits for. Stop it and start \`ao-projector run\` again.`;
  return fails(check, runs, remedy);
}

/** All rows that wait and since when; a row whose time is not known waits for no time. */
function waiting({ now, waiting: rowsOf }: StatusAnswer): { rows: number; forMs: number; found: string } {
  if (rowsOf === null) return { rows: 0, forMs: 0, found: 'no database to look at' };
  const { change_log, telemetry } = rowsOf;
  const rows = change_log.rows + telemetry.rows;
  const forMs = Math.max(0, ...[change_log, telemetry].map(({ since }) => (since === null ? 0 : now - since)));
  const found = rows === 0 ? 'no row waits' : `rows that wait: ${rows}, the first for ${duration(forMs)}`;
  return { rows, forMs, found };
}

function verified({ last_verification }: StatusAnswer): Check {
  const check = { name: 'verified', expected: 'derived tables that are what a rebuild makes' } as const;
  if (last_verification === null) return holds(check, 'never verified');
  const { at, change_log, telemetry, identical } = last_verification;
  const when = `at ${new Date(at).toISOString()} (change_log ${change_log}, telemetry ${telemetry})`;
  if (identical) return holds(check, `identical ${when}`);
  const remedy = 'Run `ao-projector rebuild`. A difference is a bug of ao-projector: please report it.';
  return fails(check, `a difference ${when}`, remedy);
}

function triggers({ host: { triggers: state } }: StatusAnswer): Check {
  const check = { name: 'triggers', expected: 'triggers as they were installed, or none' } as const;
  if (state === 'ok' || state === 'none') return holds(check, state);
  const remedy =
    state === 'foreign'
      ? 'See `ao-projector triggers verify`: something else bears the name of a trigger of ours.'
      : 'Run `ao-projector triggers install`, or `ao-projector run --heal`.';
  return fails(check, state, remedy);
}

/** A rebuild writes a second derived file before the present one goes. */
function disk({ host: { path }, derived_bytes }: StatusAnswer, { freeBytes }: Observed): Check {
  const needed = FREE_FLOOR_BYTES + (derived_bytes ?? 0);
  const expected = `${mebibytes(needed)} free: ${mebibytes(FREE_FLOOR_BYTES)}, and room for a second derived file`;
  const check = { name: 'disk', expected } as const;
  if (freeBytes === null) return holds(check, 'no data directory yet');
  const found = `${mebibytes(freeBytes)} free`;
  if (freeBytes >= needed) return holds(check, found);
  return fails(check, found, `Free some space where ${path} stands. Everything up to the last commit is kept.`);
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
