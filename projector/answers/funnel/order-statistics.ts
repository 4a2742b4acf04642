/**
 * Puts the value that belongs at a rank there, none above it before and none below it after, and returns it. Takes time in
 * proportion to the number of values, where to sort them would take longer. (C. A. R. Hoare, Algorithm 65: Find.)
 *
 * @param from a rank that is not above it, whose value is at its place already
 */
export function valueAt(values: Float64Array, rank: number, from = 0): number {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left += 1;
      while (values[right]! > pivot) right -= 1;
      if (left > right) break;
      const value = values[left]!;
      values[left] = values[right]!;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank]!;
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
