import { change, type Evidence, telemetry } from '../../../projections/evidence.ts';
import { LAUNCH_LIMIT_MS, lateFailure, recordedFailure, recordedRollback } from '../../../projections/failed-spawns.ts';
import { coveringLife } from '../../../projections/lives.ts';
import type { Session } from '../../../projections/state.ts';
import type { RolledBack } from '../incarnations.ts';
import type { Explaining } from './explaining.ts';
import type { WhyNot } from './explanation.ts';

const SPAWNED = 'ao.session.spawned';

/** Why a session does not count as spawned. */
export function whyNotSpawned(context: Explaining, session: Session): WhyNot {
  const { state, rows } = context;
  const [why, near] = reason(context, session);
  const record = recordedFailure(state, session);
  const evidence = record ? telemetry(record.position, 'the failed spawn that the daemon recorded') : near;
  return { what: SPAWNED, why, near: rows.read(evidence) };
}

function reason({ state }: Explaining, session: Session): readonly [string, Evidence] {
  const { born, firstEnd, firstEndAt, createdAt } = session;
  const creation = change(born, 'the creation row');
  const life = coveringLife(state, session);
  if (!life) {
    const failed = lateFailure(state, session);
    const why = 'A late failure: its first row after the creation is an end, beside a recorded spawn failure.';
    return [why, failed ? telemetry(failed.position, 'the recorded failure') : creation];
  }
  if (life.launched) return ['It was launched only after ten minutes, when it had been given up.', creation];
  if (firstEndAt !== null && firstEndAt - createdAt <= LAUNCH_LIMIT_MS) {
    return [
      'It was never launched: the triggers saw its creation and its end, and no launch.',
      change(firstEnd, 'its end'),
    ];
  }
  return session.failureEvent === 0
    ? ['Its launch is not recorded yet; until then its events are withheld.', creation]
    : ['It was abandoned: no launch was recorded within ten minutes.', creation];
}

/** Why a seed was no session: it was rolled back. */
export function whyRolledBack({ state, rows }: Explaining, life: RolledBack): WhyNot {
  const record = recordedRollback(state, life);
  const near = record
    ? telemetry(record.position, 'the failed spawn that the daemon recorded')
    : telemetry(life.rolledBack.position, 'the rollback, as a trigger saw it');
  const why = 'It was rolled back: a trigger saw its seed deleted, as a spawn that fails early leaves none.';
  return { what: SPAWNED, why, near: rows.read(near) };
}
