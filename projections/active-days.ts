import { countsForClock } from './instant.ts';
import type { ActiveDay, DerivedEvent, State } from './state.ts';
import { EVENTS, eventId, eventParts } from './vocabulary.ts';

const DAY_MS = 86_400_000;
const INSTALL = 0;

/** The derived events that are acts of users. */
export const ACTS = [EVENTS.spawned, EVENTS.merged] as const;

/** UTC day of a time in milliseconds. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** Says that an act of this time was added or taken back. */
export function touchDay(state: State, at: number): void {
  if (countsForClock(at)) state.dirtyDays.add(dayOf(at));
}

/** Tells each active day after the first as a return, with how many there were by then. */
export function settleReturns(state: State): void {
  let changedFrom = Number.POSITIVE_INFINITY;
  for (const day of state.dirtyDays) {
    const present = state.activeDays.get(day);
    const now = activeDay(state, day);
    if (present?.id === now?.id && present?.at === now?.at) continue;
    if (present) state.events.drop(present.id);
    if (now) state.activeDays.set(now);
    else state.activeDays.remove(day);
    changedFrom = Math.min(changedFrom, day);
  }
  state.dirtyDays.clear();
  if (changedFrom === Number.POSITIVE_INFINITY) return;
  let returns = state.activeDays.countBefore(changedFrom);
  for (const day of state.activeDays.from(changedFrom)) {
    if (returns === 0) state.events.drop(day.id);
    else state.events.put(returnOn(day, returns));
    returns += 1;
  }
}

function activeDay(state: State, day: number): ActiveDay | undefined {
  const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS - 1];
  const act = state.events.firstAct(from, to);
  const command = state.dailyCounts.firstByUser(day);
  if (act && (!command || act.at <= command.at)) {
    const { stream, position } = eventParts(act.id);
    return { day, id: eventId(stream, position, EVENTS.returned), at: act.at };
  }
  return command && { day, id: eventId('telemetry', command.position, EVENTS.returned), at: command.at };
}

function returnOn({ id, at }: ActiveDay, count: number): DerivedEvent {
  return {
    id,
    subject: INSTALL,
    session: null,
    project: null,
    at,
    dimensions: null,
    measures: { return_count: count },
  };
}
