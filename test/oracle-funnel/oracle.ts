import {
  type FunnelQuestion,
  type FunnelStep,
  passesFilter,
  type ScannedEvent,
} from '../../projector/answers/funnel/question.ts';
import { windowFrom } from './windows.ts';

/** One way of a subject through the steps, and where the next one may begin. */
export interface Way {
  readonly entry: ScannedEvent;
  readonly reached: readonly (ScannedEvent | null)[];
  readonly over: boolean;
  /** The first place in the subject's events where an attempt may be entered once this one has ended. */
  readonly next: number;
}

/**
 * Every attempt of one subject, from its events in their order: of `every` entry one after the other, else of each entry on its own.
 *
 * The rules are taken at their word: an attempt is walked from the event that enters it, from scratch, so nothing that one
 * attempt remembers can stand in the way of another. It shares the words of a question with the engine, no more.
 */
export function allAttempts(question: FunnelQuestion, events: readonly ScannedEvent[]): Way[] {
  const asked = question.order === 'strict' ? events : events.filter((event) => matters(question, event));
  return question.entry === 'every' ? oneAfterTheOther(question, asked) : fromEachEntry(question, asked);
}

/** The furthest attempts of those that were entered; among them are all that come as far. */
export function furthestOf(ways: readonly Way[]): Way[] {
  const furthest = Math.max(...ways.map(levelOf));
  return ways.filter((way) => levelOf(way) === furthest);
}

export function matches(step: FunnelStep, event: ScannedEvent): boolean {
  return step.events.includes(event.definition) && passesFilter(step, event.dimensions);
}

/** Index of the furthest step reached. */
export function levelOf({ reached }: Way): number {
  return reached.reduce((furthest, event, index) => (event ? index : furthest), -1);
}

/** In any order all steps are needed, else the required ones. */
export function hasConverted({ steps, order }: FunnelQuestion, { reached }: Pick<Way, 'reached'>): boolean {
  return steps.every(({ optional }, index) => reached[index] || (optional && order !== 'any'));
}

function matters({ steps, exclude }: FunnelQuestion, event: ScannedEvent): boolean {
  return steps.some((step) => matches(step, event)) || exclude.some(({ events }) => events.includes(event.definition));
}

function isWithinBounds({ since, until }: FunnelQuestion, { at }: ScannedEvent): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}

function enters(question: FunnelQuestion, event: ScannedEvent): boolean {
  const { order, steps } = question;
  if (!isWithinBounds(question, event)) return false;
  return order === 'any' ? steps.some((step) => matches(step, event)) : matches(steps[0]!, event);
}

function fromEachEntry(question: FunnelQuestion, events: readonly ScannedEvent[]): Way[] {
  return events.flatMap((event, start) => (enters(question, event) ? [wayFrom(question, events, start)] : []));
}

function oneAfterTheOther(question: FunnelQuestion, events: readonly ScannedEvent[]): Way[] {
  const ways: Way[] = [];
  let place = 0;
  while (place < events.length) {
    if (enters(question, events[place]!)) {
      const way = wayFrom(question, events, place);
      ways.push(way);
      place = way.next;
    } else {
      place += 1;
    }
  }
  return ways;
}

function wayFrom(question: FunnelQuestion, events: readonly ScannedEvent[], start: number): Way {
  if (question.order === 'any') return windowFrom(question, events, start);
  const entry = events[start]!;
  const reached: (ScannedEvent | null)[] = question.steps.map((_, index) => (index === 0 ? entry : null));
  const ended = (over: boolean, next: number): Way => ({ entry, reached, over, next });
  // An attempt on its own has no end but the last event, so that an event whose time went back is still in its window.
  const hasEnd = question.order === 'strict' || question.entry === 'every';
  for (let place = start + 1; place < events.length; place += 1) {
    if (hasEnd && hasConverted(question, { reached })) return ended(false, place);
    const event = events[place]!;
    if (hasEnd && event.at - entry.at > question.windowMs) return ended(false, place);
    if (isVoidedBy(question, reached, event)) return ended(true, place);
    const index = stepReachedBy(question, reached, event);
    if (index !== null) reached[index] = event;
    else if (question.order === 'strict') return ended(true, place);
  }
  return ended(false, events.length);
}

/** It stands between the two steps of an exclusion: it has reached the one, and neither the other nor one after that. */
function isVoidedBy({ exclude }: FunnelQuestion, reached: readonly (ScannedEvent | null)[], event: ScannedEvent) {
  return exclude.some(
    ({ events, after, before }) =>
      events.includes(event.definition) && reached[after] && reached.slice(before).every((later) => later === null),
  );
}

/** The step that an event reaches in an attempt that has come so far, or null. */
function stepReachedBy(question: FunnelQuestion, reached: readonly (ScannedEvent | null)[], event: ScannedEvent) {
  const { steps, order, windowMs } = question;
  const standsAt = steps.reduce((at, { optional }, index) => (!optional && reached[index] ? index : at), 0);
  const following = steps.findIndex(({ optional }, index) => index > standsAt && !optional);
  const required = following < 0 ? steps.length : following;
  const furthest = reached.reduce((last, event, index) => (event ? index : last), 0);
  const may = steps.flatMap((step, index) => {
    if (
      index <= (order === 'strict' ? furthest : standsAt) ||
      index > required ||
      reached[index] ||
      !matches(step, event)
    )
      return [];
    if (event.at - reached[0]!.at > windowMs) return [];
    if (step.gapMs !== null && event.at - reached[standsAt]!.at > step.gapMs) return [];
    return [index];
  });
  // An optional step stops nobody: where an event may reach the required step, it does. Strictly, steps come in their order.
  if (order === 'strict') return may[0] ?? null;
  return may.includes(required) ? required : (may[0] ?? null);
}
