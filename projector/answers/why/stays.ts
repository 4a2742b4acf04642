import { EVENTS } from '../../../projections/vocabulary.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import type { Source } from '../source.ts';
import type { Whose } from './trouble.ts';
import type { Watched } from './watch.ts';

/** Somebody whose troubles are those of an attempt, for a time: from its first millisecond on and before its last. */
export interface Stay {
  readonly whose: Whose;
  readonly from: number;
  readonly before: number;
}

/** Whose troubles concern an attempt while it is watched: its subject's and its project's, and for a PR those of its session at the time. */
export function stays(source: Source, subject: FunnelQuestion['subject']): (watched: Watched) => Stay[] {
  const { derived } = source;
  const known = derived.prepare<[number], Omit<Whose, 'subject'>>('SELECT session, project FROM event WHERE id = ?');
  const owners = derived.prepare<[number], { at: number; session: number | null }>(
    `SELECT at, session FROM event WHERE subject = ? AND id % 64 = ${EVENTS.prObserved.code} ORDER BY id`,
  );
  return ({ key, from, before }) => {
    const whose = { subject: key, ...known.get(from.id)! };
    if (subject !== 'pr') return [{ whose, from: from.at, before }];
    const came = owners.all(key);
    return came
      .map(({ session, at }, index) => ({
        whose: { ...whose, session },
        from: index === 0 ? from.at : Math.max(from.at, at),
        before: Math.min(before, came[index + 1]?.at ?? before),
      }))
      .filter((stay) => stay.from < stay.before);
  };
}
