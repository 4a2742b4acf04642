import { EVENTS, firstEventId } from '../../projections/vocabulary.ts';
import { EventPrinter } from '../answers/events.ts';
import type { Source } from '../answers/source.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import { ALLOWLIST } from './allowlist.ts';
import { type Consent, covers } from './consent.ts';
import { exportable } from './field.ts';
import { Settled } from './settled.ts';
import { METRICS, type Total } from './totals.ts';

/** In the order in which totals have their attributes. */
const TOLD_APART = ['certainty', 'end_cause', 'harness', 'session_kind'] as const;

/** How many settled ends there are now with some attributes. */
export interface Ends {
  readonly attributes: Readonly<Record<string, string>>;
  readonly count: number;
}

/**
 * The settled ends of sessions by what is known of them at this moment. A cause may be told anew long after, so these are counted
 * afresh each time, and may fall. What was told before and of which there are none now is told as none.
 */
export function endsOf(source: Source, consent: Consent, totals: readonly Total[]): Ends[] {
  const { fields } = ALLOWLIST[EVENTS.killed.name];
  const printer = new EventPrinter(source);
  const settled = new Settled(source.analytics);
  const rows = source.derived.prepare<[number, number], EventRow>(
    'SELECT * FROM event WHERE id % 64 = ? AND id >= ? ORDER BY id',
  );
  const from = consent.history === source.history ? firstEventId(consent.changeLog + 1) : 0;
  const before = totals.filter(({ metric }) => metric === METRICS.ends);
  const counts = new Map(before.map(({ attributes }) => [JSON.stringify(attributes), 0]));
  for (const row of rows.iterate(EVENTS.killed.code, from)) {
    if (!covers(consent, row, source.history) || settled.digest(row.id) === undefined) continue;
    const { dimensions } = printer.print(fromRow(row));
    const told = TOLD_APART.map((name) => [name, exportable(fields[name]!, dimensions[name])] as const);
    const key = JSON.stringify(Object.fromEntries(told.filter(([, value]) => value !== undefined)));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort().map(([key, count]) => ({ attributes: JSON.parse(key), count }));
}
