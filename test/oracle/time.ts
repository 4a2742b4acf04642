/** Times of the host are texts in ten forms. Here they are nanoseconds since 1970, UTC, exact. */
export type Nanoseconds = bigint;

export const MILLISECOND = 1_000_000n;
export const SECOND = 1_000_000_000n;

const DATE = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const CLOCK = String.raw`(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?`;
const OFFSET = String.raw`(Z|[+-]\d\d:?\d\d)`;
const ZONE = String.raw`(?: (?!m=)\S+)?`;
const MONOTONIC = String.raw`(?: m=[+-]\d+(?:\.\d+)?)?`;
const FORM = new RegExp(`^${DATE}[ T]${CLOCK}(?: ?${OFFSET}${ZONE}${MONOTONIC})?$`);

/** `null` where the text is no time. */
export function parseTime(text: unknown): Nanoseconds | null {
  if (typeof text !== 'string') return null;
  const found = FORM.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = parseOffset(found[8]);
  if (offset === null) return null;
  const fraction = BigInt((found[7] ?? '').padEnd(9, '0'));
  const seconds = BigInt(hour * 3600 + minute * 60 + second - offset);
  return BigInt(midnight.getTime()) * MILLISECOND + seconds * SECOND + fraction;
}

/** Seconds east of UTC; no offset means UTC. */
function parseOffset(text: string | undefined): number | null {
  if (text === undefined || text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** Whole milliseconds, rounded down, before 1970 too. */
export function toMilliseconds(time: Nanoseconds): number {
  const whole = time / MILLISECOND;
  return Number(time % MILLISECOND < 0n ? whole - 1n : whole);
}

/** Years before 2020 and after 2099 are clocks gone wrong. */
export function isCredible(time: Nanoseconds): boolean {
  return time >= BigInt(Date.UTC(2020, 0, 1)) * MILLISECOND && time < BigInt(Date.UTC(2100, 0, 1)) * MILLISECOND;
}
