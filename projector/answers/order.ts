import { mergeStreams } from '../../projections/order.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import type { StreamName } from '../../projections/vocabulary.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import type { Source } from './source.ts';

/** Whether an event is of a stream, as SQL over its row id. */
const ofStream = (stream: StreamName) => `(id & 64) = ${stream === 'telemetry' ? 64 : 0}`;

/** Events of a stream from a row id on, in the order of their positions. */
export function* read(source: Source, stream: StreamName, from = 0): Generator<DerivedEvent> {
  const rows = source.derived.prepare<[number], EventRow>(
    `SELECT * FROM event WHERE ${ofStream(stream)} AND id >= ? ORDER BY id`,
  );
  for (const row of rows.iterate(from)) yield fromRow(row);
}

/** The last events that pass, at most `limit` of them, in order. */
export function newest(source: Source, passes: (event: DerivedEvent) => boolean, limit: number): DerivedEvent[] {
  // Of each stream they are among its own last ones, and their order is told by the times that the stream had come to.
  const last = (stream: StreamName) => withClocks(source, stream, lastOf(source, stream, passes, limit));
  const changes = last('change_log');
  const telemetry = last('telemetry');
  const merged = mergeStreams(changes.events, telemetry.events, changes.clock, telemetry.clock);
  return [...merged].slice(-limit);
}

/** The last events of a stream that pass, in the order of their positions. */
function lastOf(source: Source, stream: StreamName, passes: (event: DerivedEvent) => boolean, limit: number) {
  const rows = source.derived.prepare<[], EventRow>(`SELECT * FROM event WHERE ${ofStream(stream)} ORDER BY id DESC`);
  const found: DerivedEvent[] = [];
  for (const row of rows.iterate()) {
    const derived = fromRow(row);
    if (passes(derived) && found.push(derived) === limit) break;
  }
  return found.reverse();
}

/** Events of a stream, and the latest time of all its events up to each of them. */
function withClocks(source: Source, stream: StreamName, found: readonly DerivedEvent[]) {
  const clocks = new Map(found.map(({ id, at }) => [id, at]));
  if (found.length > 0) {
    const { id: first } = found[0]!;
    const before = source.derived.prepare<[number], number | null>(
      `SELECT max(at) FROM event WHERE ${ofStream(stream)} AND id < ?`,
    );
    const rows = source.derived.prepare<[number], [id: number, at: number]>(
      `SELECT id, at FROM event WHERE ${ofStream(stream)} AND id >= ? ORDER BY id`,
    );
    let latest = before.pluck().get(first) ?? Number.NEGATIVE_INFINITY;
    for (const [id, at] of rows.raw().iterate(first)) {
      latest = Math.max(latest, at);
      if (clocks.has(id)) clocks.set(id, latest);
    }
  }
  return { events: found[Symbol.iterator](), clock: ({ id }: DerivedEvent) => clocks.get(id)! };
}
