import { EVENTS, type EventDefinition, type SubjectKind } from '../../../projections/vocabulary.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import type { Source } from '../source.ts';
import { type Occurrence, Trouble, type Whose } from './trouble.ts';

/** What may hold somebody up: every failure, among them a wait of more than 30 minutes, and every wait. */
const TROUBLES: readonly EventDefinition[] = [
  ...Object.values(EVENTS).filter(({ category }) => category === 'failure'),
  EVENTS.waitingEntered,
];

const EVERYBODYS = { install: null, command: null } as const;

/** By the subject of a question, and by the kind of an event: what tells whom the event befell; null for everybody. */
const BY: Readonly<Record<FunnelQuestion['subject'], Readonly<Record<SubjectKind, keyof Whose | null>>>> = {
  session: { session: 'session', pr: 'session', project: 'project', ...EVERYBODYS },
  pr: { session: 'session', pr: 'subject', project: 'project', ...EVERYBODYS },
  project: { session: 'project', pr: 'project', project: 'project', ...EVERYBODYS },
  install: { session: null, pr: null, project: null, ...EVERYBODYS },
};

interface Row extends Occurrence {
  /** What it is told apart by from others of its name, as JSON. */
  readonly reason: string;
}

/** Every failure and wait that occurred, by name, and by name and reason where there are several reasons. */
export function troublesOf({ derived }: Source, subject: FunnelQuestion['subject']): Trouble[] {
  const rows = derived.prepare<[number], Row>(
    `SELECT id, at, subject, session, project, json_patch('{}', json_object(
       'error_code', dimensions ->> '$.error_code', 'end_cause', dimensions ->> '$.end_cause')) AS reason
     FROM event WHERE id % 64 = ? ORDER BY at, id`,
  );
  return TROUBLES.flatMap((definition) => {
    const all = rows.all(definition.code);
    const reasons = [...new Set(all.map(({ reason }) => reason))].sort();
    const trouble = (reason: string, occurrences: readonly Row[]) =>
      new Trouble(definition, JSON.parse(reason), BY[subject][definition.subjectKind], occurrences);
    // Of one reason alone, name and reason say the same, and to ask twice would only make both harder to tell from chance.
    if (reasons.length <= 1) return reasons.map((reason) => trouble(reason, all));
    return [
      trouble(NO_REASON, all),
      ...reasons
        .filter((reason) => reason !== NO_REASON)
        .map((reason) => {
          return trouble(
            reason,
            all.filter((row) => row.reason === reason),
          );
        }),
    ];
  });
}

const NO_REASON = '{}';
