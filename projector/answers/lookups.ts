import { inOrder } from '../../projections/order.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import type { EventDefinition } from '../../projections/vocabulary.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import type { Source } from './source.ts';

/** Events that belong to a session, its PRs' among them, or that are of a subject. */
export type Whose = { readonly session: number } | { readonly subject: number };

/** The event with a row id. */
export function eventAt({ derived }: Source, id: number): DerivedEvent | undefined {
  const row = derived.prepare<[number], EventRow>('SELECT * FROM event WHERE id = ?').get(id);
  return row && fromRow(row);
}

/** All events of a session or subject, in their order. */
export function eventsWhose(source: Source, whose: Whose): readonly DerivedEvent[] {
  return inOrder(select(source, whose, 'ORDER BY id', []));
}

/** The last events of a definition before a row id, the last first. */
export function lastBefore(
  source: Source,
  whose: Whose,
  { code }: EventDefinition,
  before: number,
  limit = 1,
): DerivedEvent[] {
  return select(source, whose, 'AND id < ? AND id % 64 = ? ORDER BY id DESC LIMIT ?', [before, code, limit]);
}

/** The first event of a definition after a row id. */
export function firstAfter(source: Source, whose: Whose, { code }: EventDefinition, after: number) {
  return select(source, whose, 'AND id > ? AND id % 64 = ? ORDER BY id LIMIT 1', [after, code])[0];
}

function select({ derived }: Source, whose: Whose, rest: string, values: number[]): DerivedEvent[] {
  const [column, key] = Object.entries(whose)[0]!;
  return derived
    .prepare<number[], EventRow>(`SELECT * FROM event WHERE ${column} = ? ${rest}`)
    .all(key, ...values)
    .map(fromRow);
}
