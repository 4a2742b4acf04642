/** The intervals in which one subject was active, by number, ascending and each once. */
export type ActiveIntervals = readonly number[];

export interface Cohort {
  /** Number of the interval in which its subjects were active first. */
  readonly cohort: number;
  /** How many of them were active in that interval and in each after it. */
  readonly sizes: readonly number[];
}

/**
 * Retention by the interval of the first activity, up to the interval `last`. Recurring: active in the interval; rolling: active
 * in it and in all before it.
 */
export function retention(
  subjects: readonly ActiveIntervals[],
  last: number,
  mode: 'recurring' | 'rolling' = 'recurring',
): Cohort[] {
  const cohorts = new Map<number, number[]>();
  for (const active of subjects) {
    const first = active[0];
    if (first === undefined || first > last) continue;
    const sizes = cohorts.get(first) ?? Array<number>(last - first + 1).fill(0);
    cohorts.set(first, sizes);
    for (const [index, interval] of active.entries()) {
      if (interval > last || (mode === 'rolling' && interval !== first + index)) break;
      sizes[interval - first]! += 1;
    }
  }
  return [...cohorts].sort(([a], [b]) => a - b).map(([cohort, sizes]) => ({ cohort, sizes }));
}

/** How many subjects were active in so many intervals, by that number. */
export function stickiness(subjects: readonly ActiveIntervals[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { length } of subjects) if (length > 0) counts.set(length, (counts.get(length) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a - b));
}

export interface LifeCycle {
  readonly interval: number;
  /** Active for the first time ever. */
  readonly new: number;
  /** Active, and in the interval before. */
  readonly returning: number;
  /** Active, not in the interval before, and some time before that. */
  readonly resurrecting: number;
  /** Not active, and active in the interval before. */
  readonly dormant: number;
}

/** What became of the subjects in each interval from `first` to `last`; what they did before `first` counts for what they are. */
export function lifeCycle(subjects: readonly ActiveIntervals[], first: number, last: number): LifeCycle[] {
  const sets = subjects.map((active) => ({ born: active[0], active: new Set(active) }));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const interval = first + index;
    const now = sets.filter(({ active }) => active.has(interval));
    const before = sets.filter(({ active }) => active.has(interval - 1));
    const born = now.filter((one) => one.born === interval).length;
    const returning = now.filter(({ active }) => active.has(interval - 1)).length;
    return {
      interval,
      new: born,
      returning,
      resurrecting: now.length - born - returning,
      dormant: before.filter(({ active }) => !active.has(interval)).length,
    };
  });
}
