import type { Asked } from '../asked.ts';

/** The events of a subject by time. */
export function byTime({ times }: Asked, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index).sort((a, b) => times[a]! - times[b]!);
}
