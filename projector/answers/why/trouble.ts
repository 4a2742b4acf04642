import type { EventDefinition } from '../../../projections/vocabulary.ts';

/** Keys of those that a failure or a wait befell. */
export interface Whose {
  readonly subject: number;
  readonly session: number | null;
  readonly project: number | null;
}

export interface Occurrence extends Whose {
  readonly id: number;
  /** Milliseconds UTC. */
  readonly at: number;
}

/** Failures or waits of one name, or of one name and one reason. */
export class Trouble {
  readonly definition: EventDefinition;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly #by: keyof Whose | null;
  readonly #occurrences = new Map<number | null, Occurrence[]>();

  /**
   * @param by what tells whom each befell; null where it befell everybody
   * @param occurrences in the order of their times
   */
  constructor(
    definition: EventDefinition,
    dimensions: Trouble['dimensions'],
    by: keyof Whose | null,
    occurrences: readonly Occurrence[],
  ) {
    this.definition = definition;
    this.dimensions = dimensions;
    this.#by = by;
    for (const occurrence of occurrences) {
      const key = by && occurrence[by];
      if (by !== null && key === null) continue;
      const those = this.#occurrences.get(key);
      if (those) those.push(occurrence);
      else this.#occurrences.set(key, [occurrence]);
    }
  }

  /** Whether one befell somebody at or after a time and before another, in milliseconds, other than the event with the row id `but`. */
  befell(whose: Whose, from: number, before: number, but: number): boolean {
    const those = this.#occurrences.get(this.#by && whose[this.#by]) ?? [];
    for (let place = firstFrom(those, from); place < those.length && those[place]!.at < before; place++) {
      if (those[place]!.id !== but) return true;
    }
    return false;
  }
}

/** The place of the first that is not before a time. */
function firstFrom(those: readonly Occurrence[], from: number): number {
  let low = 0;
  for (let high = those.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (those[middle]!.at < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
