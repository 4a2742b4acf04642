import type { DerivedEvent } from '../../projections/state.ts';
import { eventCode } from '../../projections/vocabulary.ts';
import type { FunnelStep } from '../answers/funnel/question.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import { eventsWhose, type Whose } from '../answers/lookups.ts';
import type { Source } from '../answers/source.ts';

const FUNNELS = [SHIPPED.session, SHIPPED.pr, SHIPPED.review] as const;

/** How long a subject took to a step of a funnel. */
export interface StepDuration {
  readonly funnel: string;
  /** Name of the event that reached the step. */
  readonly step: string;
  readonly durationMs: number;
}

/**
 * The steps of shipped funnels that an event was the first of its subject to reach, and the times since the first events of its
 * subject that reached the required steps before. What began before `since` is not told.
 */
export function stepDurations(source: Source, event: DerivedEvent, isWorker: boolean, since: number): StepDuration[] {
  return FUNNELS.flatMap(({ name, subject, steps }) => {
    const whose: Whose | null =
      subject === 'pr' ? { subject: event.subject } : event.session === null ? null : { session: event.session };
    const index = steps.findIndex(({ events: [reaching] }) => reaching?.code === eventCode(event.id));
    if (index < 1 || whose === null || (subject === 'session' && !isWorker)) return [];
    const durationMs = sinceStepBefore(eventsWhose(source, whose), steps, index, event, since);
    return durationMs === null ? [] : [{ funnel: name, step: steps[index]!.events[0]!.name, durationMs }];
  });
}

function sinceStepBefore(
  events: readonly DerivedEvent[],
  steps: readonly FunnelStep[],
  index: number,
  event: DerivedEvent,
  since: number,
): number | null {
  let place = -1;
  for (const step of steps.slice(0, index).filter(({ optional }) => !optional)) {
    place = firstAfter(events, step, place);
    if (place === -1) return null;
  }
  const reached = events[firstAfter(events, steps[index]!, place)];
  const before = events[place]!;
  if (reached?.id !== event.id || before.at < since) return null;
  return Math.max(0, event.at - before.at);
}

/** Place of the first event beyond another that reaches a step; -1 where there is none. */
function firstAfter(events: readonly DerivedEvent[], { events: reaching, where }: FunnelStep, place: number): number {
  return events.findIndex(({ id, dimensions }, at) => {
    return (
      at > place && reaching[0]!.code === eventCode(id) && (!where.how || where.how.includes(dimensions?.how ?? ''))
    );
  });
}
