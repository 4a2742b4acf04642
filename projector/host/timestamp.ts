import type { Instant } from '../../projections/instant.ts';

/**
 * Reads the time texts of the daemon's database: Go's `Time.String()` in UTC, in a local or numeric zone, with or without a
 * monotonic part, SQLite's `datetime('now')`, and RFC 3339. A text with no offset is UTC. Anything else is `null`.
 */
export function parseTimestamp(text: string): Instant | null {
  return parseGoUtc(text, 0, text.length) ?? parseAnyForm(text);
}

const ZERO = 48;
const NANOS_PER_DIGIT = [1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1] as const;
const GO_UTC = ' +0000 UTC';

let cachedDay = '';
let cachedDayMs = 0;

/**
 * The fast path, for the form of nearly every row: `2026-06-18 12:34:56[.fraction] +0000 UTC` between two offsets of a longer
 * text. Other forms are `null`, and read by {@link parseTimestamp}.
 */
export function parseGoUtc(text: string, from: number, to: number): Instant | null {
  const dateEnd = from + 10;
  if (to - from < 29 || text.charCodeAt(dateEnd) !== 32 || !text.startsWith(GO_UTC, to - GO_UTC.length)) return null;
  if (!text.startsWith(cachedDay, from) || cachedDay === '') {
    const day = text.slice(from, dateEnd);
    const ms = dayMs(day);
    if (ms === null) return null;
    cachedDay = day;
    cachedDayMs = ms;
  }
  const hours = twoDigits(text, from + 11);
  const minutes = twoDigits(text, from + 14);
  const seconds = twoDigits(text, from + 17);
  if (text.charCodeAt(from + 13) !== 58 || text.charCodeAt(from + 16) !== 58) return null;
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return null;
  const fractionFrom = from + 19;
  const fractionTo = to - GO_UTC.length;
  let nanos = 0;
  if (fractionTo > fractionFrom) {
    if (text.charCodeAt(fractionFrom) !== 46 || fractionTo === fractionFrom + 1 || fractionTo > fractionFrom + 10) return null;
    for (let i = fractionFrom + 1; i < fractionTo; i++) {
      const digit = text.charCodeAt(i) - ZERO;
      if (digit < 0 || digit > 9) return null;
      nanos += digit * NANOS_PER_DIGIT[i - fractionFrom - 1]!;
    }
  }
  const wholeMs = Math.floor(nanos / 1e6);
  return { at: cachedDayMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + wholeMs, nanos: nanos - wholeMs * 1e6 };
}

const ANY_FORM =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: ?(Z|[+-]\d{2}:?\d{2})(?: [A-Za-z0-9+-]{1,10})?)?(?: m=[+-]\d+(?:\.\d+)?)?$/;

function parseAnyForm(text: string): Instant | null {
  const match = ANY_FORM.exec(text);
  if (!match) return null;
  const [, date, hours, minutes, seconds, fraction = '', offset] = match;
  const day = dayMs(date!);
  if (day === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const nanos = Number(fraction.padEnd(9, '0'));
  const wholeMs = Math.floor(nanos / 1e6);
  const local = day + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + wholeMs;
  return { at: local - offsetMs(offset), nanos: nanos - wholeMs * 1e6 };
}

/** Milliseconds of a `YYYY-MM-DD`, or null when there is no such day. */
function dayMs(day: string): number | null {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : ms;
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  return sign * (hours * 60 + minutes) * 60_000;
}

/** Not a number where the two characters are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
