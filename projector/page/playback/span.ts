/** The span of time that is played; milliseconds UTC, both inclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A slider has so many places. */
export const PLACES = 1_000;

/** The place of a moment on the slider. */
export function placeOf({ from, to }: Span, at: number): number {
  return to === from ? PLACES : Math.round(((at - from) / (to - from)) * PLACES);
}

/** The moment of a place on the slider; its ends are those of the span. */
export function momentAt({ from, to }: Span, place: number): number {
  return Math.round(from + ((to - from) * place) / PLACES);
}

/** A moment of the span, the nearest one. */
export function within({ from, to }: Span, at: number): number {
  return Math.min(to, Math.max(from, at));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How much passes in a second, in milliseconds. */
export const SPEEDS = [1_000, MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS];

const WHOLE_SECONDS = 60;

/** The slowest speed that plays a span within a minute, or the fastest. */
export function speedFor({ from, to }: Span): number {
  return SPEEDS.find((speed) => (to - from) / speed <= WHOLE_SECONDS) ?? SPEEDS.at(-1)!;
}
