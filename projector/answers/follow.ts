import { mergeStreams } from '../../projections/order.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import type { StreamName } from '../../projections/vocabulary.ts';
import { read } from './order.ts';
import type { Source } from './source.ts';

/** Events may appear late, at rows read before: so many of the latest of each stream are known by their ids. */
const KNOWN = 10_000;

/** Tells the events that were not there at the look before. */
export class Follower {
  readonly #known = { change_log: new Set<number>(), telemetry: new Set<number>() };
  readonly #from = { change_log: 0, telemetry: 0 };
  #asOf = '';

  /** What is there already is not told. */
  constructor(source: Source) {
    this.#forgetOld(source, 'change_log');
    this.#forgetOld(source, 'telemetry');
    this.next(source);
  }

  /** The events that are new, oldest first. */
  next(source: Source): DerivedEvent[] {
    const asOf = JSON.stringify([source.derived.name, source.positions()]);
    if (asOf === this.#asOf) return [];
    this.#asOf = asOf;
    return [...mergeStreams(this.#unknown(source, 'change_log'), this.#unknown(source, 'telemetry'))];
  }

  #unknown(source: Source, stream: StreamName): Iterator<DerivedEvent> {
    const known = this.#known[stream];
    const found = [...read(source, stream, this.#from[stream])].filter(({ id }) => !known.has(id));
    for (const { id } of found) known.add(id);
    if (known.size > 2 * KNOWN) this.#forgetOld(source, stream);
    return found[Symbol.iterator]();
  }

  #forgetOld(source: Source, stream: StreamName): void {
    const nth = source.derived
      .prepare<[number, number], number>('SELECT id FROM event WHERE (id & 64) = ? ORDER BY id DESC LIMIT 1 OFFSET ?')
      .pluck();
    const oldest = nth.get(stream === 'telemetry' ? 64 : 0, KNOWN) ?? 0;
    this.#from[stream] = oldest;
    for (const id of this.#known[stream]) if (id < oldest) this.#known[stream].delete(id);
  }
}
