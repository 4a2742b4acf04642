import type { StreamName } from '../../projections/vocabulary.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** After so much more of its stream an event can hardly be taken back. */
export const SETTLES_MS = 10 * MINUTE_MS;

/** Why a session ended is often told by the next start of the daemon alone; it is not waited for longer. */
export const END_SETTLES_MS = DAY_MS;

/** How far the streams have come, in milliseconds. */
export interface Clocks {
  /** Newest time of each stream, as the rules of the projections count it; null while there is none. */
  readonly change_log: number | null;
  readonly telemetry: number | null;
  /** For how long nothing was read. */
  readonly quietMs: number;
  /** The last start of the daemon that has itself settled in `change_log`. */
  readonly lastStartAt: number | null;
}

/** What settling asks of an event. */
export interface Settling {
  readonly stream: StreamName;
  readonly at: number;
  /** Whether it is the end of a session. */
  readonly isEnd: boolean;
}

/**
 * Whether what an event says is taken to stay. Events of one minute settle together, so that a storm of them is seen whole. What
 * is revised later nevertheless is counted, and not sent again.
 */
export function isSettled({ stream, at, isEnd }: Settling, clocks: Clocks): boolean {
  const passedMs = Math.max(clocks.quietMs, (clocks[stream] ?? Number.NEGATIVE_INFINITY) - endOfMinute(at));
  if (passedMs < SETTLES_MS) return false;
  if (!isEnd || passedMs >= END_SETTLES_MS) return true;
  return clocks.lastStartAt !== null && clocks.lastStartAt > at;
}

/** Whether the count of a day, which ends at a time, is complete. */
export function isDaySettled(endsAt: number, { telemetry, quietMs }: Clocks, now: number): boolean {
  const isOver = telemetry !== null && telemetry - endsAt >= SETTLES_MS;
  return isOver || (quietMs >= SETTLES_MS && now - endsAt >= SETTLES_MS);
}

/** The minute since 1970 that a time is of. */
export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS);
}

function endOfMinute(at: number): number {
  return (minuteOf(at) + 1) * MINUTE_MS;
}
