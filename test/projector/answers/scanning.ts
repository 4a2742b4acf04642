import { Answer, type FunnelAnswer } from '../../../projector/answers/funnel/answer.ts';
import { Asked, type ToldAttempt } from '../../../projector/answers/funnel/asked.ts';

import { NONE, plan } from '../../../projector/answers/funnel/plan.ts';
import type { FunnelQuestion, ScannedEvent } from '../../../projector/answers/funnel/question.ts';
import { type Rules, scan } from '../../../projector/answers/funnel/scan.ts';
import type { Columns } from '../../../projector/store/derived/columns.ts';
import { firstPlace } from '../../../projector/store/derived/runs.ts';

/** A question asked of subjects that are told by their events. */
export function askedOf(question: FunnelQuestion, subjects: readonly (readonly ScannedEvent[])[]): Asked {
  return new Asked(plan(question), columnsOf(subjects), (text) => JSON.parse(text));
}

/** The attempts of one subject, told by its events themselves. */
export function scanned(question: FunnelQuestion, events: readonly ScannedEvent[], rules: Rules = scan): ToldAttempt[] {
  const asked = askedOf(question, [events]);
  return rules(asked, 0, events.length).map((attempt) => ({
    ...asked.told(attempt),
    entry: events[attempt.entry]!,
    reached: attempt.reached.map((place) => (place === NONE ? null : events[place]!)),
  }));
}

/** The answer over some subjects. */
export function answered(question: FunnelQuestion, subjects: readonly (readonly ScannedEvent[])[]): FunnelAnswer {
  const asked = askedOf(question, subjects);
  const answer = new Answer(asked.plan);
  for (const [subject, end] of asked.columns.ends.entries()) {
    for (const attempt of scan(asked, firstPlace(asked.columns.ends, subject), end)) answer.add(asked, attempt);
  }
  return answer.told({ change_log: 9, telemetry: 4, at: 1, unexplained_gaps: 0, pruned_before: null });
}

function columnsOf(subjects: readonly (readonly ScannedEvent[])[]): Columns {
  const events = subjects.flat();
  let end = 0;
  const ends = subjects.map(({ length }) => {
    end += length;
    return end;
  });
  return {
    keys: Float64Array.from(subjects, (_, subject) => subject + 1),
    ends: Uint32Array.from(ends),
    codes: Uint8Array.from(events, ({ definition }) => definition.code),
    times: Float64Array.from(events, ({ at }) => at),
    ids: Float64Array.from(events, ({ id }) => id),
    said: Uint32Array.from(events.keys()),
    texts: events.map(({ dimensions }) => JSON.stringify(dimensions)),
  };
}
