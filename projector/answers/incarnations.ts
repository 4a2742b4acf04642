import type { End, Life, Mark, Session } from '../../projections/state.ts';
import { EVENTS, eventId } from '../../projections/vocabulary.ts';
import { eventAt } from './lookups.ts';
import type { Source } from './source.ts';
import { Subjects } from './subjects.ts';

/** One life of a session id. */
export interface IncarnationAnswer {
  readonly subject: string;
  readonly raw: string | null;
  /** Milliseconds UTC. */
  readonly created_at: number;
  readonly harness: string | null;
  readonly session_kind: string | null;
  /** Whether it counts as spawned. */
  readonly spawned: boolean;
  /** When it ended, and why; null while it goes on, and why also where it was never spawned. */
  readonly ended_at: number | null;
  readonly end_cause: string | null;
  readonly certainty: string | null;
}

/** The incarnations with these creation rows, in their order. */
export function incarnations(source: Source, born: readonly number[]): IncarnationAnswer[] {
  const subjects = new Subjects(source);
  const state = source.derived.prepare<[number], string>('SELECT state FROM session WHERE born = ?').pluck();
  return born.flatMap((one) => {
    const text = state.get(one);
    return text === undefined ? [] : [describe(source, subjects, JSON.parse(text))];
  });
}

/**
 * What triggers saw of the lives of a session id that were rolled back: of those nothing else is left.
 *
 * @internal
 */
export function rolledBackLives({ derived }: Source, hash: string): RolledBack[] {
  const lives = derived
    .prepare<[string], string>('SELECT state FROM life WHERE session = ? ORDER BY at, nanos')
    .pluck();
  return lives
    .all(hash)
    .map((state) => JSON.parse(state) as Life)
    .filter((life): life is RolledBack => life.rolledBack !== null);
}

/** A life that ended with its seed. */
export type RolledBack = Life & { readonly rolledBack: Mark };

/** A seed that was rolled back, as an incarnation that was not spawned. */
export function seed(source: Source, { session, at }: Life): IncarnationAnswer {
  return {
    subject: session,
    raw: new Subjects(source).rawOfSession(session),
    created_at: at,
    harness: null,
    session_kind: null,
    spawned: false,
    ended_at: null,
    end_cause: null,
    certainty: null,
  };
}

function describe(source: Source, subjects: Subjects, session: Session): IncarnationAnswer {
  const { born, createdAt, withheld } = session;
  const info = subjects.session(born);
  const end = session.terminated ? lastEnd(source, session) : null;
  const killed = end && eventAt(source, eventId('change_log', end.seq, EVENTS.killed));
  return {
    subject: info?.subject ?? '',
    raw: subjects.rawSession(born),
    created_at: createdAt,
    harness: info?.harness ?? null,
    session_kind: info?.kind ?? null,
    spawned: !withheld,
    ended_at: end?.at ?? null,
    end_cause: killed?.dimensions?.end_cause ?? null,
    certainty: killed?.dimensions?.certainty ?? null,
  };
}

function lastEnd({ derived }: Source, { lastEnd: seq }: Session): Pick<End, 'seq' | 'at'> | null {
  return (
    derived.prepare<[number], Pick<End, 'seq' | 'at'>>('SELECT seq, at FROM session_end WHERE seq = ?').get(seq) ?? null
  );
}
