import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { parseGoUtc, parseTimestamp } from '../../../projector/host/timestamp.ts';

/** Milliseconds and the nanoseconds below them, as `2026-06-18T12:34:56.789Z 12345`. */
function read(text: string): string | null {
  const instant = parseTimestamp(text);
  return instant && `${new Date(instant.at).toISOString()} ${instant.nanos}`;
}

describe('the forms that a daemon’s database holds', () => {
  test.each([
    ['Go, UTC, fraction', '2026-06-18 12:34:56.789012345 +0000 UTC', '2026-06-18T12:34:56.789Z 12345'],
    ['Go, UTC, no fraction', '2026-06-18 12:34:56 +0000 UTC', '2026-06-18T12:34:56.000Z 0'],
    ['SQLite', '2026-06-18 12:34:56', '2026-06-18T12:34:56.000Z 0'],
    ['Go, local zone', '2026-06-18 18:04:56.789012345 +0530 IST m=+12.345678901', '2026-06-18T12:34:56.789Z 12345'],
    [
      'the same where the zone is UTC',
      '2026-06-18 12:34:56.789 +0000 UTC m=+0.004512875',
      '2026-06-18T12:34:56.789Z 0',
    ],
    ['Go, zone without a name', '2026-06-18 09:34:56.789 -0300 -03 m=+3.100000000', '2026-06-18T12:34:56.789Z 0'],
    ['Go, local zone, rewritten', '2026-06-18 18:04:56.789012345 +0530 IST', '2026-06-18T12:34:56.789Z 12345'],
    ['Go, fixed offset', '2026-05-01 10:00:00 +0530 +0530', '2026-05-01T04:30:00.000Z 0'],
    ['the zero time', '0001-01-01 00:00:00 +0000 UTC', '0001-01-01T00:00:00.000Z 0'],
    ['RFC 3339', '2026-07-25T00:00:00Z', '2026-07-25T00:00:00.000Z 0'],
  ])('%s: %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ['2026-11-23 02:55:17.956672678 +0530 IST m=+12.303175617', '2026-11-22T21:25:17.956Z 672678'],
    ['2026-11-23 02:58:10.740747739 +0530 IST m=+185.087250708', '2026-11-22T21:28:10.740Z 747739'],
    ['2026-11-22 21:22:19.109393655 +0000 UTC m=+10.339300030', '2026-11-22T21:22:19.109Z 393655'],
    ['2026-11-22 18:27:05.599925681 -0300 -03 m=+140.044685883', '2026-11-22T21:27:05.599Z 925681'],
  ])('as seen live: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('with offsets as RFC 3339 writes them, and a fraction of any length', () => {
    expect(read('2026-06-18T18:04:56.5+05:30')).toBe('2026-06-18T12:34:56.500Z 0');
    expect(read('2026-06-18T12:34:56.000000001Z')).toBe('2026-06-18T12:34:56.000Z 1');
    expect(read('2026-06-18 12:34:56.123456 +0000 UTC')).toBe('2026-06-18T12:34:56.123Z 456000');
    expect(read('2026-06-18 12:34:56.1 +0000 UTC m=-0.5')).toBe('2026-06-18T12:34:56.100Z 0');
  });

  test('on days that exist', () => {
    expect(read('2024-02-29 00:00:00 +0000 UTC')).toBe('2024-02-29T00:00:00.000Z 0');
    expect(read('1969-12-31 23:59:59.999999999 +0000 UTC')).toBe('1969-12-31T23:59:59.999Z 999999');
  });
});

describe('anything else is no time', () => {
  const minute = '2026-06-18 12:34';

  test.each([
    ...['', ' ', 'yesterday', 'NULL', '2026-06-18', '12:34:56', '1781786096', minute, `${minute}:5`, `${minute}:567`],
    ...[`${minute}:60 +0000 UTC`, '2026-06-18 24:00:00 +0000 UTC', '2026-06-18 12:60:00 +0000 UTC'],
    ...['2026-02-29 00:00:00 +0000 UTC', '2026-13-01 00:00:00', '2026-00-10 00:00:00', '2026-06-31 00:00:00'],
    ...[`${minute}:56. +0000 UTC`, `${minute}:56.1234567890 +0000 UTC`, `${minute}:5x +0000 UTC`, `${minute}:56,5`],
    ...[
      `${minute}:56.-5 +0000 UTC`,
      `${minute}:56. 5 +0000 UTC`,
      `${minute}:56.5e3 +0000 UTC`,
      `${minute}:-1 +0000 UTC`,
    ],
    ...[`${minute}:56 UTC`, `${minute}:56 +0000 UTC `, ` ${minute}:56`, `${minute}:56 +0000 UTC\n`, `${minute}:56 +05`],
    ...[`+002026-06 12:34:56 +0000 UTC`, `2026-6-18 12:34:56`, `2026-06-18  12:34:56`, `２026-06-18 12:34:56`],
  ])('%j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  // The minute that is remembered is '?' before the first, and a text that begins so needs no minute of its own.
  test('before anything was read as well as after', async () => {
    await jest.isolateModulesAsync(async () => {
      const fresh = await import('../../../projector/host/timestamp.ts');
      expect(fresh.parseTimestamp('?026-06-18 12:34:56 +0000 UTC')).toBeNull();
    });
  });
});

const DAY_ONE = new Date('0001-01-01T00:00:00.000Z');
const LAST_DAY = new Date('9999-12-31T23:59:59.999Z');
const anyTime = fc.record({
  date: fc.date({ min: DAY_ONE, max: LAST_DAY, noInvalidDate: true }),
  nanos: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999 })),
});

/** As Go writes it: trailing zeros of the fraction fall away, and the dot with the last of them. */
function goText({ date, nanos }: { date: Date; nanos: number }): string {
  const iso = date.toISOString();
  const fraction = `${iso.slice(20, 23)}${String(nanos).padStart(6, '0')}`.replace(/0+$/, '');
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}

describe('the fast path', () => {
  test('reads every UTC text of Go’s, to the nanosecond', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const text = goText(time);
        expect(parseGoUtc(text, 0, text.length)).toEqual({ at: time.date.getTime(), nanos: time.nanos });
      }),
    );
  });

  test('agrees with the general form, wherever in a longer text the time stands', () => {
    fc.assert(
      fc.property(anyTime, fc.string(), fc.string(), (time, before, after) => {
        const text = goText(time);
        const fast = parseGoUtc(`${before}${text}${after}`, before.length, before.length + text.length);
        expect(fast).toEqual(parseTimestamp(`${text} m=+0.1`));
        expect(fast).toEqual(parseTimestamp(text.replace(' +0000 UTC', 'Z').replace(' ', 'T')));
      }),
    );
  });

  test('never says another thing than the general form does of the same text', () => {
    const damaged = fc
      .tuple(anyTime, fc.nat(40), fc.string({ minLength: 0, maxLength: 2 }), fc.nat(2))
      .map(([time, at, put, cut]) => `${goText(time).slice(0, at)}${put}${goText(time).slice(at + cut)}`);
    fc.assert(
      fc.property(damaged, (text) => {
        const fast = parseGoUtc(text, 0, text.length);
        if (fast) expect(fast).toEqual(parseTimestamp(`${text} m=+0.1`));
      }),
      { numRuns: 500 },
    );
  });

  test('remembers the minute of another text without mixing the two up', () => {
    fc.assert(
      fc.property(fc.array(anyTime, { maxLength: 5 }), (times) => {
        const close = times.flatMap(({ date }) => [
          date,
          new Date(Math.min(date.getTime() + 45_000, LAST_DAY.getTime())),
          date,
        ]);
        for (const date of close) expect(parseTimestamp(goText({ date, nanos: 0 }))?.at).toBe(date.getTime());
      }),
    );
  });

  test('leaves every other form to the general one', () => {
    for (const text of ['2026-06-18 12:34:56', '2026-06-18 18:04:56 +0530 IST', '2026-06-18T12:34:56Z']) {
      expect(parseGoUtc(text, 0, text.length)).toBeNull();
    }
  });
});

test('offsets are taken off, and the zone’s word and the monotonic part are nothing', () => {
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  fc.assert(
    fc.property(
      anyTime,
      offset,
      fc.constantFrom('', ' IST', ' +0530', ' -03'),
      fc.boolean(),
      (time, minutes, zone, hasM) => {
        const text = goText(time).replace(' +0000 UTC', '');
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const written = `${text} ${minutes < 0 ? '-' : '+'}${hours}${rest}${zone}${hasM ? ' m=+1.5' : ''}`;
        expect(parseTimestamp(written)).toEqual({ at: time.date.getTime() - minutes * 60_000, nanos: time.nanos });
      },
    ),
  );
});

test('no text throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), fc.nat(60), fc.nat(60), (text, from, to) => {
      expect(() => parseTimestamp(text)).not.toThrow();
      expect(() => parseGoUtc(text, from, to)).not.toThrow();
    }),
  );
});
