import type { EventAnswer } from '../answers/events.ts';

/** How the time of a history passes. */
export interface Pace {
  /** Milliseconds of history that pass in a millisecond; null to wait for a word before each event. */
  readonly speed: number | null;
  /** The part of the history that is played, in milliseconds UTC, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** Where a history is played. */
export interface Stage {
  /** Milliseconds that only go forward. */
  clock(): number;
  /** Resolves after so many milliseconds, or at once when it is told to stop. */
  wait(ms: number): Promise<void>;
  /** Resolves when the next event is asked for: false when no more is. */
  next(): Promise<boolean>;
  isStopped(): boolean;
  /** Shows events that have come. */
  events(events: readonly EventAnswer[]): void;
  /** Shows that the history has come to a time, in milliseconds UTC. */
  time(at: number): void;
}

/** How often it is shown how far a history has come. */
const TICK_MS = 100;

/** Plays events in the order of their own times, which are not always those of the rows that made them. */
export async function play(events: readonly EventAnswer[], { speed, from, to }: Pace, stage: Stage): Promise<void> {
  const played = events.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
  if (speed === null) await step(played, stage);
  else await run(played, speed, from, stage);
}

async function step(events: readonly EventAnswer[], stage: Stage): Promise<void> {
  for (const event of events) {
    if (stage.isStopped() || !(await stage.next())) return;
    stage.events([event]);
    stage.time(event.at);
  }
}

async function run(events: readonly EventAnswer[], speed: number, from: number, stage: Stage): Promise<void> {
  const began = stage.clock();
  for (let played = 0; played < events.length && !stage.isStopped(); ) {
    const at = from + (stage.clock() - began) * speed;
    const due = events.slice(played).findIndex((event) => event.at > at);
    const end = due < 0 ? events.length : played + due;
    if (end > played) stage.events(events.slice(played, end));
    played = end;
    stage.time(Math.min(at, events.at(-1)!.at));
    const next = events[played];
    if (next) await stage.wait(Math.min(TICK_MS, Math.max(1, (next.at - at) / speed)));
  }
}
