/**
 * Probabilities, each made as large as so many tests at once ask for: to claim where it is at most 0.05 claims anything at all, where
 * there is nothing, in at most 5 of 100 answers. (S. Holm, 1979.)
 */
export function holm(probabilities: readonly number[]): number[] {
  const adjusted = probabilities.map(() => 1);
  const order = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]!);
  let highest = 0;
  order.forEach((index, before) => {
    highest = Math.max(highest, Math.min(1, (order.length - before) * probabilities[index]!));
    adjusted[index] = highest;
  });
  return adjusted;
}
