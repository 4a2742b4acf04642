import type { Instant } from '../../projections/instant.ts';

/**
 * Reads the time texts of the daemon's database: Go's `Time.String()` in UTC, in a local or numeric zone, with or without a
 * monotonic part, SQLite's `datetime('now')`, and RFC 3339. A text with no offset is UTC. Anything else is `null`.
 */
export function parseTimestamp(text: string): Instant | null {
  return parseGoUtc(text, 0, text.length) ?? parseAnyForm(text);
}

const ZERO = 48;
const SCALE = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1] as const;
const GO_UTC = ' +0000 UTC';
const MINUTE_LENGTH = '2026-06-18 12:34:'.length;

let cachedMinute = '';
let cachedMinuteMs = 0;

/**
 * The fast path, for the form of nearly every row: `2026-06-18 12:34:56[.fraction] +0000 UTC` between two offsets of a longer
 * text. Rows of one minute come together, so the minute is parsed once. Other forms are `null`, and read by
 * {@link parseTimestamp}.
 */
export function parseGoUtc(text: string, from: number, to: number): Instant | null {
  if (to - from < MINUTE_LENGTH + 2 + GO_UTC.length || !text.startsWith(GO_UTC, to - GO_UTC.length)) return null;
  if (cachedMinute === '' || !text.startsWith(cachedMinute, from)) {
    const minute = text.slice(from, from + MINUTE_LENGTH);
    const ms = minuteMs(minute);
    if (ms === null) return null;
    cachedMinute = minute;
    cachedMinuteMs = ms;
  }
  const secondsEnd = from + MINUTE_LENGTH + 2;
  const seconds = digits(text, from + MINUTE_LENGTH, secondsEnd);
  if (!(seconds <= 59)) return null;
  const fractionEnd = to - GO_UTC.length;
  if (fractionEnd === secondsEnd) return { at: cachedMinuteMs + seconds * 1000, nanos: 0 };
  const length = fractionEnd - secondsEnd - 1;
  if (text.charCodeAt(secondsEnd) !== 46 || length < 1 || length > 9) return null;
  const nanos = digits(text, secondsEnd + 1, fractionEnd) * SCALE[length]!;
  if (Number.isNaN(nanos)) return null;
  const wholeMs = Math.floor(nanos / 1e6);
  return { at: cachedMinuteMs + seconds * 1000 + wholeMs, nanos: nanos - wholeMs * 1e6 };
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

let cachedDay = '';
let cachedDayMs: number | null = null;

/** Milliseconds of a `YYYY-MM-DD`, or null when there is no such day. */
function dayMs(day: string): number | null {
  if (day !== cachedDay) {
    cachedDay = day;
    cachedDayMs = parseDay(day);
  }
  return cachedDayMs;
}

function parseDay(day: string): number | null {
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

/** Milliseconds of a `YYYY-MM-DD HH:MM:`, or null when there is no such minute. */
function minuteMs(minute: string): number | null {
  if (minute[10] !== ' ' || minute[13] !== ':' || minute[16] !== ':') return null;
  const day = dayMs(minute.slice(0, 10));
  const hours = digits(minute, 11, 13);
  const minutes = digits(minute, 14, 16);
  return day !== null && hours <= 23 && minutes <= 59 ? day + hours * 3_600_000 + minutes * 60_000 : null;
}

/** The number that the characters between two offsets spell; not a number where one of them is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
