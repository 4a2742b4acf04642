import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Decoded, NOISE } from '../../../projector/host/decode.ts';
import { type Columns, cell, decoder, TIME } from './cells.ts';

const TYPES = [
  ...['session_created', 'session_updated', 'session_updated', 'pr_created', 'pr_updated', 'pr_session_changed'],
  ...['pr_check_recorded', 'pr_review_thread_added', 'pr_review_thread_resolved', 'session_exploded'],
];
const KEYS = [
  ...['id', 'activity', 'isTerminated', 'previewUrl', 'previewRevision', 'conversationId', 'url', 'session', 'state'],
  ...['ci', 'review', 'pr', 'commit', 'toSession', 'resolved', 'mode'],
];
const WORDS = ['web-1', '', 'active', 'exited', 'open', 'passing', 'none', 'https://github.com/o/r/pull/7'];

const value = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.string(),
  fc.jsonValue({ maxDepth: 1 }),
);
const payload = fc.oneof(
  fc.string(),
  fc.json(),
  fc.dictionary(fc.constantFrom(...KEYS), value).map((object) => JSON.stringify(object)),
  // Nearly right, so that a field is judged after those before it were let through.
  fc
    .dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 2 })
    .map((object) => JSON.stringify({ id: 'web-1', activity: 'idle', isTerminated: false, ...object })),
);
/** Ids as they may be: anything but what stands between columns. */
const id = fc.oneof(fc.constantFrom('web-1', 'web', ''), fc.string()).map((text) => text.replaceAll('\x1f', ''));
const time = fc.oneof(
  fc.constantFrom(TIME, '2026-06-18 12:34:56', 'soon', ''),
  fc.string().map((text) => text.replaceAll('\x1f', '')),
);
const row: fc.Arbitrary<Columns> = fc.record({
  seq: fc.integer({ min: 1 }),
  time,
  type: fc.constantFrom(...TYPES),
  project: id,
  session: id,
  payload,
});

describe('what a row means does not depend on', () => {
  test('whether its text was met before', () => {
    fc.assert(
      fc.property(row, (columns) => {
        const text = cell(columns);
        const one = decoder();
        const first = one.decode(text);
        expect(one.decode(text)).toEqual(first);
        expect(one.decode(text)).toEqual(decoder().decode(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test('what was met before it', () => {
    const few = fc.array(row, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(few, fc.array(fc.nat(7), { maxLength: 16 }), (rows, order) => {
        const one = decoder();
        for (const index of order) {
          const text = cell(rows[index % rows.length]!);
          expect(one.decode(text)).toEqual(decoder().decode(text));
        }
      }),
    );
  });

  test('the seq and time of another row of the same text', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 1 }), time, (columns, seq, other) => {
        const one = decoder();
        one.decode(cell(columns));
        const later = cell({ ...columns, seq, time: other });
        expect(one.decode(later)).toEqual(decoder().decode(later));
      }),
      { numRuns: 500 },
    );
  });

  test('how many texts are remembered', () => {
    const one = decoder();
    const text = (index: number) =>
      cell({ session: `web-${index}`, payload: { id: `web-${index}`, activity: 'idle', isTerminated: false } });
    const first = Array.from({ length: 5_000 }, (_, index) => one.decode(text(index)));
    expect(Array.from({ length: 5_000 }, (_, index) => one.decode(text(index)))).toEqual(first);
    expect(first[4_999]).toMatchObject({ session: 'web-4999' });
  });
});

/** All that a rejection can say. */
const REASONS: ReadonlySet<string> = new Set([
  ...['row: expected six columns', 'created_at: expected a time', 'project_id: expected an id'],
  ...[
    'payload: expected a JSON object',
    'payload.id: expected the session id',
    'payload.activity: expected an activity state',
  ],
  ...['payload.isTerminated: expected a boolean', 'payload.previewUrl: expected a string'],
  ...[
    'payload.previewRevision: expected a number',
    'payload.url: expected a URL',
    'payload.session: expected a session id',
  ],
  ...[
    'payload.state: expected a PR state',
    'payload.ci: expected a CI state',
    'payload.review: expected a review decision',
  ],
  ...['payload.toSession: expected a session id', 'payload.pr: expected a URL', 'payload.commit: expected a string'],
  'payload.resolved: expected a boolean',
]);

test('a rejection says one of a few things, and nothing of the row', () => {
  const rejections = (decoded: Decoded) =>
    typeof decoded === 'object' && 'rejected' in decoded ? [decoded.rejected] : [];
  fc.assert(
    fc.property(row, (columns) => {
      for (const reason of rejections(decoder().decode(cell(columns)))) expect(REASONS).toContain(reason);
    }),
    { numRuns: 1_000 },
  );
});

test('no text throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.string()).map((parts) => parts.join('\x1f')),
      ),
      (text) => {
        expect(() => decoder().decode(text)).not.toThrow();
      },
    ),
  );
});

test('rows with an id alone are noise, whatever the id', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const session = text.replaceAll('\x1f', '-');
      expect(decoder().decode(cell({ session, payload: { id: session } }))).toBe(NOISE);
    }),
  );
});
