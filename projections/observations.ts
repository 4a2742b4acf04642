import type { Observation, Pull, Revision } from './state.ts';
import { EVENTS, type EventDefinition } from './vocabulary.ts';

/** An event of a PR and the row that says it. */
export interface ReachedEvent {
  readonly definition: EventDefinition;
  readonly row: Pick<Observation, 'seq' | 'at' | 'owner' | 'project'>;
}

const CI = { passing: EVENTS.ciPassed, failing: EVENTS.ciFailed, pending: null, unknown: null } as const;

const REVIEW = {
  review_required: EVENTS.reviewRequested,
  changes_requested: EVENTS.changesRequested,
  approved: EVENTS.approved,
  none: null,
} as const;

const STATE = { merged: EVENTS.merged, closed: EVENTS.closedUnmerged, open: null, draft: null } as const;

/** What `last` reached that `base` had not; with no base, all that it shows. */
export function reached(base: Observation | null, last: Observation): ReachedEvent[] {
  const events: ReachedEvent[] = [];
  const add = (definition: EventDefinition | null) => {
    if (definition) events.push({ definition, row: last });
  };
  if (last.ci !== base?.ci) add(CI[last.ci]);
  if (last.review !== base?.review) add(REVIEW[last.review]);
  if (last.state !== base?.state) add(STATE[last.state]);
  return events;
}

const REPEATED_FAILURES = 3;

/** How often CI has become failing since it last passed, once `last` counts too. */
export function failuresAfter({ failures, base, last }: Pull): number {
  if (last.ci === 'passing') return 0;
  return last.ci === 'failing' && base?.ci !== 'failing' ? failures + 1 : failures;
}

/** The third failure of CI in a row. */
export function repeatedFailure(pull: Pull): ReachedEvent[] {
  const isThird = failuresAfter(pull) === REPEATED_FAILURES && pull.failures === REPEATED_FAILURES - 1;
  return isThird ? [{ definition: EVENTS.ciRepeatedFailure, row: pull.last }] : [];
}

/** The revisions that answered a request for changes: one between `base` and `last`, and one after `last`. */
export function revisions(pull: Pull, armedAfter: boolean): ReachedEvent[] {
  const answered: Revision[] = [];
  if (pull.armed && pull.revisedBefore) answered.push(pull.revisedBefore);
  if (armedAfter && pull.revisedAfter) answered.push(pull.revisedAfter);
  return answered.map((row) => ({ definition: EVENTS.revised, row }));
}
