import type { StreamName } from '../../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../../errors.ts';
import type { Snapshot } from '../../host/host-database.ts';
import { Keys } from '../../host/keys.ts';
import { decodeAgain } from '../../host/rejected-telemetry.ts';
import type { RowShape } from '../../host/shapes.ts';
import { readKey } from '../../store/key-file.ts';
import type { Paths } from '../../store/paths.ts';
import { overHost } from '../over-host.ts';
import type { AsOf, Source } from '../source.ts';
import { identityAt } from './identity.ts';
import { type RejectedFact, rejectedFacts } from './list.ts';

export interface ShownRejected extends RejectedFact, RowShape {
  readonly now: number;
  readonly as_of: AsOf;
  /** Why no field is told; null where they are. */
  readonly unread: string | null;
}

const PLACE = /^(?:(change_log|telemetry)@)?(\d{1,15})$/;

/**
 * One rejected row: its reason, and the names and types of its fields. Throws where `place`, such as `change_log@123` or `123`,
 * names none, or one of each stream.
 */
export function rejectedRow(paths: Paths, source: Source, now: number, place: string): ShownRejected {
  const fact = factAt(rejectedFacts(source), place);
  const keys = new Keys(readKey(paths.key));
  const shape = overHost(paths, source, keys, (host) => {
    return typeof host === 'string' ? host : (shapeAt(source, keys, host, fact) ?? GONE[fact.stream]);
  });
  const base = { now, as_of: source.asOf(), ...fact };
  if (typeof shape !== 'string') return { ...base, ...shape, unread: null };
  return { ...base, kind: null, fields: [], other_fields: 0, unread: shape };
}

const GONE = {
  change_log: 'the row is gone',
  telemetry: 'the daemon has deleted the row, as it does after 30 days',
} as const;

function shapeAt(
  source: Source,
  keys: Keys,
  { changes, telemetry }: Snapshot,
  { stream, position }: RejectedFact,
): RowShape | undefined {
  if (stream === 'change_log') return changes.shape(position);
  const again = decodeAgain(telemetry, keys, new Set([identityAt(source, position)]));
  const [row] = again.values();
  return row && telemetry?.shape(row.rowid);
}

function factAt(facts: readonly RejectedFact[], place: string): RejectedFact {
  const [, stream, position] = PLACE.exec(place) ?? [];
  if (position === undefined) throw invalidPlace(place);
  const found = facts.filter((fact) => {
    return fact.position === Number(position) && (stream === undefined || fact.stream === (stream as StreamName));
  });
  if (found.length === 1) return found[0]!;
  throw new ProjectorError({
    code: found.length === 0 ? 'not_rejected' : 'position_ambiguous',
    message: `There is no one rejected row that ${JSON.stringify(place)} names.`,
    expected: 'the position of a rejected row, with its stream where both have one there',
    found: found.length === 0 ? 'none' : found.map((fact) => `${fact.stream}@${fact.position}`).join(' and '),
    remedy: 'See `ao-projector rejected list`.',
  });
}

function invalidPlace(place: string): ProjectorError {
  return new ProjectorError(
    {
      code: 'position_invalid',
      message: `${JSON.stringify(place)} is not a position.`,
      expected: 'a number, or a stream and a number such as change_log@123 or telemetry@7',
      found: JSON.stringify(place),
      remedy: 'See `ao-projector rejected list`.',
    },
    EXIT.usage,
  );
}
