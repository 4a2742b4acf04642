import type { EventAnswer } from '../../answers/events.ts';

/** A gap that stands out. */
const LONG_MS = 1_800_000;

const LEAST_REM = 1.6;
const MOST_REM = 9;

/** The time between two events, and the room that it takes. */
export interface Gap {
  readonly ms: number;
  readonly rem: number;
  /** Whether somebody was waited for. */
  readonly isWait: boolean;
  readonly isLong: boolean;
  /** Whether it is that between the last event and now. */
  readonly isLast: boolean;
}

/**
 * The gap before each event and, at the end, that before now; null before the first. Room grows with the square root of the time,
 * so that seconds beside days are still seen.
 */
export function gaps(events: readonly EventAnswer[], now: number): (Gap | null)[] {
  const times = [...events.map(({ at }) => at), now];
  const lengths = times.map((at, index) => (index === 0 ? 0 : at - times[index - 1]!));
  const longest = Math.max(1, ...lengths.slice(0, -1));
  const isWait = waits(events);
  return lengths.map((ms, index) => {
    if (index === 0) return null;
    const share = Math.min(1, Math.sqrt(Math.max(0, ms) / longest));
    const rem = Math.max(LEAST_REM, share * MOST_REM);
    return { ms, rem, isWait: isWait[index - 1]!, isLong: ms > LONG_MS, isLast: index === events.length };
  });
}

/** Whether somebody is waited for after each event. */
function waits(events: readonly EventAnswer[]): boolean[] {
  let isWaiting = false;
  return events.map(({ name }) => {
    if (name === 'ao.session.waiting_input_entered') isWaiting = true;
    if (name === 'ao.session.waiting_input_exited') isWaiting = false;
    return isWaiting;
  });
}
