/** How many of those who stopped, and of those who went on, had something, and how many of each there are. */
export interface Counts {
  readonly stopped: { readonly with: number; readonly of: number };
  readonly went_on: { readonly with: number; readonly of: number };
}

/** Tables count as equally likely when they differ by less than rounding may make. */
const ROUNDING = 1e-7;

/**
 * Fisher's exact test, two-sided: given all four sums, the probability of the tables that are no likelier than this one, on either
 * side. (R. A. Fisher, 1935.) 0 where that is too small for a number.
 */
export function fisherExact({ stopped, went_on }: Counts): number {
  const a = stopped.with;
  const b = stopped.of - a;
  const c = went_on.with;
  const d = went_on.of - c;
  const likelihoods = [1, ...towardsNone(a, b, c, d), ...towardsNone(b, a, d, c)];
  const sum = likelihoods.reduce((total, likelihood) => total + likelihood, 0);
  const atMost = likelihoods.filter((likelihood) => likelihood <= 1 + ROUNDING);
  return Math.min(1, atMost.reduce((total, likelihood) => total + likelihood, 0) / sum);
}

/** Tables with one less in the first cell each, by how much likelier than the given one they are. */
function* towardsNone(a: number, b: number, c: number, d: number): Generator<number> {
  let likelihood = 1;
  for (let moved = 0; moved < Math.min(a, d); moved++) {
    likelihood *= ((a - moved) * (d - moved)) / ((b + moved + 1) * (c + moved + 1));
    yield likelihood;
  }
}
