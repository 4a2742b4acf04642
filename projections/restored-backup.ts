import { change, telemetry } from './evidence.ts';
import type { ExplainedGap } from './gaps.ts';
import type { Instant } from './instant.ts';

/** What was observed with a creation row, whose seq is `born`: its position in the journal and the time of the row. */
export interface Birth extends Instant {
  readonly born: number;
  readonly position: number;
}

/** What is known of an earlier history: how far its log was read, and the creation rows there in their order. */
export interface EarlierHistory {
  readonly readTo: number;
  readonly births: readonly Birth[];
}

/**
 * What an earlier history had read and the present database lacks, though it is a copy of the same log; null where it is not,
 * or lacks nothing. The copy is a beginning of that log, so it lacks everything from the first creation row on that it lacks.
 */
export function restoredBackup(present: readonly Birth[], { readTo, births }: EarlierHistory): ExplainedGap | null {
  const known = new Map(present.map((birth) => [birth.born, birth]));
  const last = births.findLastIndex((birth) => isSame(birth, known.get(birth.born)));
  const shared = births[last];
  const lost = births[last + 1];
  if (!shared || !lost) return null;
  return {
    from: lost.born,
    to: Math.max(readTo, births.at(-1)!.born),
    lastAt: shared.at,
    nextAt: null,
    kind: 'restored_backup',
    why:
      `An earlier history has creation row ${lost.born}, which this database lacks, and both have ${shared.born}: an ` +
      'older copy was put back. It handed the numbers out again, so the log that is there now need not have a gap.',
    evidence: [
      change(shared.born, 'the last creation row that both have'),
      telemetry(shared.position, `observed with creation row ${shared.born} in the earlier history`),
      telemetry(lost.position, `observed with creation row ${lost.born} in the earlier history`),
    ],
  };
}

function isSame(one: Birth, other: Birth | undefined): boolean {
  return other !== undefined && one.at === other.at && one.nanos === other.nanos;
}
