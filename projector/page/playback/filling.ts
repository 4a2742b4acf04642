/** One way through the steps of a funnel: when it came to each; null where it did not. Milliseconds UTC. */
export type Way = readonly (number | null)[];

/** A step at a moment. */
export interface StepThen {
  /** How many had reached it. */
  readonly reached: number;
  /** How many had come to it and no further. */
  readonly standing: number;
}

/**
 * A funnel as it filled: how far each attempt had come at any moment. An attempt stands at the furthest step that it has
 * reached; who has reached the last one has gone through.
 */
export class Filling {
  readonly #reached: readonly Times[];
  readonly #came: readonly Times[];
  readonly #left: readonly Times[];

  constructor(ways: readonly Way[], steps: number) {
    const lists = () => Array.from({ length: steps }, () => [] as number[]);
    const [reached, came, left] = [lists(), lists(), lists()];
    for (const way of ways) {
      const stops = way.flatMap((at, step) => (at === null ? [] : [{ at, step }]));
      for (const { at, step } of stops) reached[step]!.push(at);
      let stands: number | null = null;
      for (const { at, step } of stops.sort((a, b) => a.at - b.at || a.step - b.step)) {
        if (stands !== null && step < stands) continue;
        if (stands !== null) left[stands]!.push(at);
        came[step]!.push(at);
        stands = step;
      }
    }
    this.#reached = reached.map((times) => new Times(times));
    this.#came = came.map((times) => new Times(times));
    this.#left = left.map((times) => new Times(times));
  }

  /** Every step as it was at a moment, what happened in that very moment included. */
  at(moment: number): StepThen[] {
    return this.#reached.map((times, step) => ({
      reached: times.until(moment),
      standing: this.#came[step]!.until(moment) - this.#left[step]!.until(moment),
    }));
  }

  /** How many steps were reached in each of so many equal spans of time. */
  spread(from: number, to: number, spans: number): number[] {
    const edge = (index: number) => from + ((to - from) * index) / spans;
    const until = (moment: number) => this.#reached.reduce((sum, times) => sum + times.until(moment), 0);
    const counts = Array.from({ length: spans }, (_, index) => until(edge(index + 1)));
    return counts.map((count, index) => count - (counts[index - 1] ?? until(from - 1)));
  }
}

/** Times in order. */
class Times {
  readonly #times: Float64Array;

  constructor(times: readonly number[]) {
    this.#times = Float64Array.from(times).sort();
  }

  /** How many are not after a moment. */
  until(moment: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
