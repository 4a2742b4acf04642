import { EVENTS } from '../../../projections/vocabulary.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import type { Source } from '../source.ts';
import type { Standing } from './landmark.ts';
import { stays } from './stays.ts';

/** Tells when a session ended, and was not restored, before a time; for a PR when it was closed, or its last session ended. */
export function ends(
  source: Source,
  subject: FunnelQuestion['subject'],
): (one: Standing, until: number) => number | null {
  const { killed, restored, closedUnmerged } = EVENTS;
  const ofSession = source.derived.prepare<[number | null, number], { at: number; isEnd: number }>(
    `SELECT at, id % 64 = ${killed.code} AS isEnd FROM event
     WHERE session = ? AND id % 64 IN (${killed.code}, ${restored.code}) AND at < ? ORDER BY id DESC LIMIT 1`,
  );
  const ofPull = source.derived.prepare<[number, number], { at: number; isEnd: number }>(
    `SELECT at, 1 AS isEnd FROM event
     WHERE subject = ? AND id % 64 = ${closedUnmerged.code} AND at < ? ORDER BY id DESC LIMIT 1`,
  );
  const staysOf = stays(source, subject);
  return (one, until) => {
    if (subject === 'project' || subject === 'install') return null;
    const last = staysOf({ ...one, before: until }).at(-1);
    const found = [
      last && ofSession.get(last.whose.session, until),
      subject === 'pr' ? ofPull.get(one.key, until) : undefined,
    ];
    const times = found.flatMap((end) => (end?.isEnd ? [end.at] : []));
    return times.length > 0 ? Math.min(...times) : null;
  };
}
