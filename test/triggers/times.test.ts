import { afterAll, describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { goLocalMonotonic, goUtc, instantOf, KOLKATA, SAO_PAULO, UTC } from '../../fixtures/daemon/time.ts';
import { parseTimestamp } from '../../projector/host/timestamp.ts';
import { CLOCK, utc } from '../../triggers/sql.ts';
import type { Value } from './support.ts';

const db = new SQLite(':memory:');
afterAll(() => {
  db.close();
});
const inUtc = db.prepare<[Value], string | null>(`SELECT ${utc('value')} FROM (SELECT ? AS value)`).pluck();

describe('a time of the daemon in UTC', () => {
  test.each([
    ['F1', '2026-06-18 12:34:56.789012345 +0000 UTC', '2026-06-18 12:34:56.789012345 +0000 UTC'],
    ['F2', '2026-06-18 12:34:56 +0000 UTC', '2026-06-18 12:34:56 +0000 UTC'],
    ['F3', '2026-06-18 12:34:56', '2026-06-18 12:34:56 +0000 UTC'],
    ['F4', '2026-06-18 18:04:56.789012345 +0530 IST m=+12.345678901', '2026-06-18 12:34:56.789012345 +0000 UTC'],
    ['F5', '2026-06-18 12:34:56.789 +0000 UTC m=+0.004512875', '2026-06-18 12:34:56.789 +0000 UTC'],
    ['F6', '2026-06-18 09:34:56.789 -0300 -03 m=+3.100000000', '2026-06-18 12:34:56.789 +0000 UTC'],
    ['F7', '2026-06-18 18:04:56.789012345 +0530 IST', '2026-06-18 12:34:56.789012345 +0000 UTC'],
    ['F8', '2026-05-01 10:00:00 +0530 +0530', '2026-05-01 04:30:00 +0000 UTC'],
    ['F9', '0001-01-01 00:00:00 +0000 UTC', '0001-01-01 00:00:00 +0000 UTC'],
    ['F10', '2026-07-25T00:00:00Z', '2026-07-25 00:00:00 +0000 UTC'],
    ['F10 with a fraction', '2026-07-25T01:02:03.000000001Z', '2026-07-25 01:02:03.000000001 +0000 UTC'],
    ['over midnight', '2027-01-01 01:00:00.1 +0530 IST m=+1.000000000', '2026-12-31 19:30:00.1 +0000 UTC'],
    ['in the widest zones', '2026-06-18 00:00:00 +1400 +14', '2026-06-17 10:00:00 +0000 UTC'],
    ['in the widest zones', '2026-06-18 00:00:00 -1200 -12', '2026-06-18 12:00:00 +0000 UTC'],
    ['on a leap day', '2028-02-29 23:30:00 -0100 -01', '2028-03-01 00:30:00 +0000 UTC'],
    ['at the end of all years', '9999-12-31 23:59:59.999999999 +0000 UTC', '9999-12-31 23:59:59.999999999 +0000 UTC'],
    ['before the first year', '0001-01-01 00:00:00 +0530 IST', '0000-12-31 18:30:00 +0000 UTC'],
  ])('%s: %s', (_, text, expected) => {
    expect(inUtc.get(text)).toBe(expected);
  });

  test('is the same instant, to the nanosecond, whatever the form and the zone', () => {
    const instant = fc.bigInt({ min: instantOf('1971-01-01 00:00:00'), max: instantOf('2099-12-31 23:59:59') });
    fc.assert(
      fc.property(instant, fc.constantFrom(KOLKATA, SAO_PAULO, UTC), (at, zone) => {
        expect(inUtc.get(goUtc(at))).toBe(goUtc(at));
        expect(inUtc.get(goLocalMonotonic(at, zone, 12_345_678_901n))).toBe(goUtc(at));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['F10 with an offset', '2026-07-25T01:02:03.5+05:30', '2026-07-24 19:32:03.5 +0000 UTC'],
    ['F10 with an offset that has no colon', '2026-07-25T01:02:03-0300', '2026-07-25 04:02:03 +0000 UTC'],
  ])('%s: %s', (_, text, expected) => {
    expect(inUtc.get(text)).toBe(expected);
  });

  test('is the instant that our own reader finds in either text, and sorts as that does', () => {
    const fraction = fc.integer({ min: 0, max: 999_999_999 }).map((nanos) => {
      return nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
    });
    const whole = fc
      .date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 19));
    const zone = fc.constantFrom(
      ...[' +0000 UTC', ' +0000 UTC m=+0.004512875', ' +0530 IST', ' +0530 IST m=+12.345678901', ' -0300 -03 m=+3.1'],
      ...[' +0530 +0530', '', 'Z', '+05:30', ' -03:00', '+1400', ' -1200 -12'],
    );
    const form = fc.tuple(whole, fc.constantFrom(' ', 'T'), fraction, zone);
    const text = form.map(([at, between, rest, offset]) => at.replace('T', between) + rest + offset);
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [first, second] = [inUtc.get(one)!, inUtc.get(other)!];
        expect(parseTimestamp(first)).toEqual(parseTimestamp(one));
        expect(parseTimestamp(one)).not.toBeNull();
        expect(first < second).toBe(instantOf(first) < instantOf(second));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is none for what is no text', () => {
    expect([null, 0, 5.5, 20260618, Buffer.from('2026-06-18 12:34:56')].map((value) => inUtc.get(value))).toEqual(
      Array(5).fill(null),
    );
  });

  test.each(['', ' ', 'soon', 'x2026-06-18 12:34:56', '2026-13-01 00:00:00', '2026-06-18 25:00:00'])(
    'is none for %j, which is no time',
    (text) => {
      expect(inUtc.get(text)).toBeNull();
    },
  );

  test.each(['9999-12-31 23:59:59 -0100 -01', '2026-06-18 12:34:56 +9900 X'])(
    'is none outside the calendar: %s',
    (text) => {
      expect(inUtc.get(text)).toBeNull();
    },
  );

  test.each(['now', '2026', '12:34:56', '2026-06-18', '2026-06-18 12:34'])(
    'is none for %j, which no daemon writes',
    (text) => {
      expect(inUtc.get(text)).toBeNull();
    },
  );

  test.each(['.x', '.', ',5', '.1.2', '.１'])('leaves out what is no fraction: %s', (fraction) => {
    expect(inUtc.get(`2026-06-18 12:34:56${fraction} +0000 UTC`)).toBe('2026-06-18 12:34:56 +0000 UTC');
  });

  test('keeps nine digits of a longer fraction', () => {
    expect(inUtc.get(`2026-06-18 12:34:56.${'1234567890'.repeat(100_000)} +0000 UTC`)).toBe(
      '2026-06-18 12:34:56.123456789 +0000 UTC',
    );
  });
});

test('SQLite’s clock is written in the daemon’s form', () => {
  const text = db.prepare<[], string>(`SELECT ${CLOCK}`).pluck().get()!;
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000 UTC$/);
  expect(instantOf(text)).toBeGreaterThan(0n);
});
