import type { Landmark, Standing } from './landmark.ts';

/** An attempt, and the time before which is looked at what befell it, from its step on; milliseconds UTC. */
export interface Watched extends Standing {
  readonly before: number;
}

/**
 * Watches each beside one of the other side, drawn by lot: for the horizon, or until one of the two ended. To whom has ended nothing
 * more can come, so who is watched for longer seems to have more befall him. As both are watched for the same time, both sides are.
 *
 * @param endOf when a subject ended for good, as far as is known at a time; null where it had not
 */
export function watch(
  { standing, horizonMs }: Landmark,
  endOf: (one: Standing, until: number) => number | null,
): Watched[] {
  if (horizonMs === null) return [];
  const drawn = standing.toSorted((a, b) => lot(a) - lot(b));
  const spans = new Map(
    drawn.map((one) => {
      const end = endOf(one, one.from.at + horizonMs);
      return [one, end === null ? horizonMs : Math.max(0, end - one.from.at) + 1];
    }),
  );
  const [stopped, wentOn] = [drawn.filter((one) => !one.wentOn), drawn.filter((one) => one.wentOn)];
  const beside = (side: readonly Standing[], other: readonly Standing[]) =>
    side.map((one, index) => {
      const partner = other[Math.floor(((index + 0.5) / side.length) * other.length)];
      const span = Math.min(spans.get(one)!, partner ? spans.get(partner)! : horizonMs);
      return { ...one, before: one.from.at + span };
    });
  return [...beside(stopped, wentOn), ...beside(wentOn, stopped)];
}

/** A number that depends on the key of an attempt alone, by which those with neighbouring keys come to lie far apart. */
function lot({ key }: Standing): number {
  return Math.imul(key, 0x9e3779b1) >>> 0;
}
