import fc from 'fast-check';
import { type EventDefinition, eventId } from '../../projections/vocabulary.ts';
import type { EventTableRow } from '../../projector/answers/clickhouse/event-table.ts';
import type { ScannedEvent } from '../../projector/answers/funnel/question.ts';
import { definition } from '../../test/projector/answers/letters.ts';

export const SECOND = 1_000;
const HARNESSES = ['codex', 'aider', "o'ne \\ more", null] as const;

const happened = (after: readonly number[]) =>
  fc.tuple(
    fc.constantFrom(...'AAABBCCDE').map(definition),
    fc.constantFrom(...after),
    fc.constantFrom('change_log' as const, 'telemetry' as const),
    fc.constantFrom(...HARNESSES),
  );

/**
 * The events of so many subjects, each in its order: by time, changes before telemetry, by position. `after` are seconds from one
 * event to the next.
 */
export function streams(count: number, seed: number, after: readonly number[]): ScannedEvent[][] {
  const stream = fc.array(happened(after), { minLength: 1, maxLength: 25 });
  return fc.sample(stream, { numRuns: count, seed }).map((some) => {
    let at = 1_700_000_000_000;
    const events = some.map(([of, seconds, from, harness], index): ScannedEvent & { late: number } => {
      at += seconds * SECOND;
      const late = Number(from === 'telemetry');
      return { id: eventId(from, index + 1, of as EventDefinition), definition: of, at, dimensions: { harness }, late };
    });
    return events.sort((a, b) => a.at - b.at || a.late - b.late || a.id - b.id).map(({ late: _, ...event }) => event);
  });
}

/** The events as they stand in the event table: each subject's of an install of its own, and two installs have one name for it. */
export function rowsOf(all: readonly (readonly ScannedEvent[])[]): EventTableRow[] {
  return all.flatMap((events, number) => {
    const subject = `subject ${Math.floor(number / 2)}`;
    return events.map(({ id, definition: of, at, dimensions }) => ({
      ...{ install: `install ${number}`, session: subject, project: subject, subject },
      ...{ id, at, name: of.name, subject_kind: of.subjectKind, harness: dimensions.harness ?? '' },
    }));
  });
}
