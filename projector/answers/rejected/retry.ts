import { ProjectorError } from '../../errors.ts';
import { ChangeDecoder, type Decoded, UNKNOWN } from '../../host/decode.ts';
import type { Snapshot } from '../../host/host-database.ts';
import { Keys } from '../../host/keys.ts';
import { type DecodedAgain, decodeAgain } from '../../host/rejected-telemetry.ts';
import { readKey } from '../../store/key-file.ts';
import type { Paths } from '../../store/paths.ts';
import { overHost, versionsOf } from '../over-host.ts';
import type { AsOf, Source } from '../source.ts';
import { identityAt } from './identity.ts';
import { type RejectedFact, rejectedFacts } from './list.ts';

/** `readable`: this version reads it. `rejected`: it still does not fit. `gone`: the daemon does not have the row any more. */
export type Outcome = 'readable' | 'rejected' | 'gone';

export interface RetriedFact extends RejectedFact {
  readonly outcome: Outcome;
  /** Why it does not fit by the rules of this version; null where it does, or is gone. */
  readonly reason_now: string | null;
}

export interface RetryAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** How many rows have each outcome. */
  readonly readable: number;
  readonly rejected: number;
  readonly gone: number;
  readonly rows: readonly RetriedFact[];
}

/** Decodes every rejected row again, and changes nothing. Throws where the daemon's database cannot be read. */
export function retryRejected(paths: Paths, source: Source, now: number): RetryAnswer {
  const keys = new Keys(readKey(paths.key));
  const rows = overHost(paths, source, keys, (host) => {
    if (typeof host === 'string') throw unreadable(paths, host);
    return decodeAll(source, keys, host);
  });
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  return {
    ...{ now, as_of: source.asOf() },
    ...{ readable: count('readable'), rejected: count('rejected'), gone: count('gone') },
    rows,
  };
}

function decodeAll(source: Source, keys: Keys, { changes, telemetry }: Snapshot): RetriedFact[] {
  const versions = versionsOf(source);
  const decoder = new ChangeDecoder({ keys, leftOut: source.leftOut, hostVersion: (at) => versions.at(at) });
  const facts = rejectedFacts(source).map((fact) => {
    return { fact, identity: fact.stream === 'telemetry' ? identityAt(source, fact.position) : '' };
  });
  const again = decodeAgain(telemetry, keys, new Set(facts.map(({ identity }) => identity)));
  return facts.map(({ fact, identity }) => {
    if (fact.stream === 'telemetry') return retried(fact, again.get(identity)?.decoded);
    const cell = changes.cell(fact.position);
    return retried(fact, cell === undefined ? undefined : decoder.decode(cell));
  });
}

function retried(fact: RejectedFact, decoded: Decoded | DecodedAgain['decoded'] | undefined): RetriedFact {
  if (decoded === undefined) return { ...fact, outcome: 'gone', reason_now: null };
  if (decoded === UNKNOWN) return { ...fact, outcome: 'rejected', reason_now: 'the type of the row is not known' };
  if (typeof decoded === 'object' && 'rejected' in decoded) {
    return { ...fact, outcome: 'rejected', reason_now: decoded.rejected };
  }
  return { ...fact, outcome: 'readable', reason_now: null };
}

function unreadable({ host }: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'host_not_readable',
    message: 'The rejected rows cannot be looked at.',
    expected: `the database at ${host} that they were read from`,
    found,
    remedy:
      'Set AO_DATA_DIR to the data directory of the daemon. `ao-projector rejected list` needs no database of it.',
  });
}
