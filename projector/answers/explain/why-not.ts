import { change, type Evidence } from '../../../projections/evidence.ts';
import type { Pull, Session } from '../../../projections/state.ts';
import { EVENTS, type EventDefinition, eventParts } from '../../../projections/vocabulary.ts';
import type { ToldAttempt } from '../funnel/asked.ts';
import { type FunnelQuestion, passesFilter, type ScannedEvent } from '../funnel/question.ts';
import type { Explaining } from './explaining.ts';
import type { WhyNot } from './explanation.ts';

/** What is known of the subject whose way is explained. */
export interface Walker {
  /** Null for a PR. */
  readonly session: Session | null;
  /** The PR itself, or the last one of the session. */
  readonly pull: Pull | null;
}

const DAY_MS = 86_400_000;

/** For each step of a funnel that its subject has not reached: what was looked for, and the row that came nearest. */
export function unreached(
  { rows }: Explaining,
  question: FunnelQuestion,
  events: readonly ScannedEvent[],
  attempt: ToldAttempt | null,
  walker: Walker,
): WhyNot[] {
  return question.steps.flatMap((step, index) => {
    if (attempt?.reached[index]) return [];
    const what = step.events.map(({ name }) => name).join(' | ');
    const named = events.filter(({ definition }) => step.events.includes(definition));
    const [why, near] =
      tooLateOrEarly(question, index, attempt, named.at(-1)) ?? neverCame(step.events[0]!, walker, question, index);
    return [{ what, why, near: near && rows.read(near) }];
  });
}

type Reason = readonly [why: string, near: Evidence | null];

/** The event is there, and does not count. */
function tooLateOrEarly(
  { steps, windowMs }: FunnelQuestion,
  index: number,
  attempt: ToldAttempt | null,
  last: ScannedEvent | undefined,
): Reason | null {
  const step = steps[index]!;
  const before = steps.findLastIndex((other, at) => at < index && !other.optional);
  if (before >= 0 && !attempt?.reached[before]) {
    const missing = steps[before]!.events.map(({ name }) => name).join(' | ');
    return [`It has not reached ${missing}, which comes before.`, last ? evidenceOf(last) : null];
  }
  if (!last) return null;
  const near = evidenceOf(last);
  if (!passesFilter(step, last.dimensions)) {
    const wanted = Object.entries(step.where).map(([dimension, value]) => {
      return `${dimension} = ${value.join(' or ')}, and it has ${last.dimensions[dimension] ?? 'none that is known'}`;
    });
    return [`The step asks for ${wanted.join('; ')}.`, near];
  }
  if (!attempt) return ['It was entered outside the time that was asked about.', near];
  if (last.at - attempt.entry.at > windowMs) {
    return [`It came when the ${windowMs / DAY_MS} days since the entry were over.`, near];
  }
  if (step.optional) return ['It came after the next step, or before the one before: it counts on the way only.', near];
  return ['It came before the step before it.', near];
}

function evidenceOf({ id, definition }: ScannedEvent): Evidence {
  const { stream, position } = eventParts(id);
  return { stream, position, role: `the last ${definition.name}` };
}

/** Nothing says it. The sentence names what would have, and the row is the last that could have. */
function neverCame(
  definition: EventDefinition,
  { session, pull }: Walker,
  { subject }: FunnelQuestion,
  index: number,
): Reason {
  const ofPull = subject === 'pr' ? 'its' : "the roll-up of its PR's";
  const shows = (row: string) => pull && change(pull.last.seq, row);
  switch (definition) {
    case EVENTS.firstSignal: {
      const near = session && (session.early.at(-1)?.seq ?? session.born);
      const why =
        'Looked for a row that changes its activity to anything but `exited`, or a first signal that a trigger saw.';
      return [`${why} There is none.`, near === null ? null : change(near, 'the last row that was no signal')];
    }
    case EVENTS.prObserved: {
      if (index === 0) return ['Looked for its `pr_created` row. It was first seen by another.', shows('its last row')];
      const near = session && (session.lastEnd || session.born);
      const why = 'Looked for a PR that was found for it or that it claimed. There is none.';
      return [why, near === null ? null : change(near, session?.lastEnd ? 'its last end' : 'its creation row')];
    }
    case EVENTS.ciPassed:
      return [
        `Looked for ${ofPull} CI becoming \`passing\`. It is \`${pull?.last.ci ?? 'unknown'}\`.`,
        shows('the last observation of the PR'),
      ];
    case EVENTS.approved:
      return [
        `Looked for the review decision \`approved\`. It is \`${pull?.last.review ?? 'none'}\`.`,
        shows('the last observation of the PR'),
      ];
    case EVENTS.merged:
      return [
        `Looked for the PR's state becoming \`merged\`. It is \`${pull?.last.state ?? 'unknown'}\`.`,
        shows('the last observation of the PR'),
      ];
    default:
      return [`Looked for ${definition.name}. There is none.`, null];
  }
}
