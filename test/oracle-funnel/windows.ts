import type { FunnelQuestion, ScannedEvent } from '../../projector/answers/funnel/question.ts';
import { matches, type Way } from './oracle.ts';

/** The window that opens with an event: after which of its events one more step, then two more and so on, are complete. */
export function windowFrom(question: FunnelQuestion, events: readonly ScannedEvent[], start: number): Way {
  const { steps, windowMs } = question;
  const entryIsEvery = question.entry === 'every';
  const entry = events[start]!;
  const completed: ScannedEvent[] = [];
  let ways: ReadonlySet<string>[] = [new Set()];
  for (let place = start; place < events.length; place += 1) {
    const event = events[place]!;
    if (event.at - entry.at > windowMs) {
      if (entryIsEvery) return way(place);
      continue;
    }
    ways = ways.flatMap((taken) => [taken, ...takenWith(taken, event)]);
    ways = [...new Map(ways.map((taken) => [[...taken].sort().join(), taken])).values()];
    if (Math.max(...ways.map(({ size }) => size)) > completed.length) completed.push(event);
    if (completed.length === steps.length) return way(place + 1);
  }
  return way(events.length);

  /** An event can be any one of the steps that it matches and that no event before has taken. */
  function takenWith(taken: ReadonlySet<string>, event: ScannedEvent): ReadonlySet<string>[] {
    return steps.flatMap((step, index) =>
      matches(step, event) && !taken.has(String(index)) ? [new Set([...taken, String(index)])] : [],
    );
  }

  function way(next: number): Way {
    return { entry, reached: steps.map((_, index) => completed[index] ?? null), over: false, next };
  }
}
