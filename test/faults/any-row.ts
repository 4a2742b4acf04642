import fc from 'fast-check';
import { type FieldKind, TELEMETRY } from '../../projector/host/telemetry-schema.ts';

const RIGHT_TIME = '2026-06-18 12:34:56.789012345 +0000 UTC';

const CHANGE_TYPES = [
  ...['session_created', 'session_updated', 'pr_created', 'pr_updated', 'pr_session_changed', 'pr_check_recorded'],
  ...['pr_review_thread_added', 'pr_review_thread_resolved'],
];
const KEYS = [
  ...['id', 'activity', 'isTerminated', 'previewUrl', 'previewRevision', 'conversationId', 'url', 'session', 'state'],
  ...['ci', 'review', 'pr', 'commit', 'toSession', 'resolved', 'created_at', '__proto__', 'constructor', 'toString'],
  ...Object.values(TELEMETRY).flatMap(({ fields }) => fields.map(({ key }) => key)),
];
const WORDS = [
  ...['web-1', '', 'active', 'idle', 'exited', 'open', 'merged', 'passing', 'failing', 'none', 'approved', 'worker'],
  ...['https://github.com/o/r/pull/7', '/api/v1/sessions', 'ao send', 'claude-code', '2026-06-18T12:34:56Z'],
];

/** Text of any kind, with control characters and halves of characters in it. */
const text = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

/** Times of every form, and what is nearly one. */
const time = fc
  .record({
    date: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
      fc.constantFrom('2026-06-18', '0001-01-01', '9999-12-31', '2026-02-30', '+275760-09-13', '2026-6-8'),
    ),
    between: fc.constantFrom(' ', 'T', '', '  '),
    clock: fc.constantFrom('12:34:56', '23:59:59', '24:00:00', '12:60:00', '1:2:3', '12:34', '-1:00:00'),
    fraction: fc.oneof(
      fc.constantFrom('', '.', '.0', '.123456789', '.1234567890', '.-1'),
      fc.nat().map((n) => `.${n}`),
    ),
    zone: fc.constantFrom(' +0000 UTC', ' +0530 IST', ' -0300 -03', 'Z', '+05:30', '', ' UTC', ' +9999 X', ' +00 UTC'),
    monotonic: fc.constantFrom('', ' m=+12.5', ' m=-0.000000001', ' m=x', ' m=+1e9'),
  })
  .map((parts) => Object.values(parts).join(''));

const value = fc.oneof(
  text,
  time,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 53, Number.MAX_VALUE, 1e-320),
  fc.jsonValue({ maxDepth: 2 }),
);
/** What fits every type of `change_log`, and then what fits every name of telemetry. */
const RIGHT = {
  ...Object.fromEntries(
    Object.values(TELEMETRY).flatMap(({ fields }) => fields.map(({ key, type }) => [key, fitting(type)])),
  ),
  ...{ id: 'web-1', activity: 'idle', isTerminated: false, url: 'https://github.com/o/r/pull/7', session: 'web-1' },
  ...{ state: 'open', ci: 'passing', review: 'none', pr: 'https://github.com/o/r/pull/7', commit: 'abc' },
  ...{ toSession: 'web-2', resolved: true },
};

function fitting({ kind }: FieldKind): unknown {
  if (kind === 'created') return RIGHT_TIME;
  return kind === 'integer' ? 7 : kind === 'boolean' ? true : '';
}

const payload = fc.oneof(
  text,
  fc.json(),
  fc.dictionary(fc.constantFrom(...KEYS), value).map((object) => JSON.stringify(object)),
  ...[0, 1, 4].map((maxKeys) =>
    fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys }).map((more) => JSON.stringify({ ...RIGHT, ...more })),
  ),
  // Deep and long, as nothing that the daemon writes is.
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: 3_000 }).map((depth) => `{"id":${'['.repeat(depth)}${']'.repeat(depth)}}`),
);

/** A row of either stream, as texts. */
export interface AnyRow {
  readonly type: string;
  readonly time: string;
  readonly project: string;
  readonly session: string;
  readonly payload: string;
}

const row = (types: readonly string[]): fc.Arbitrary<AnyRow> =>
  fc.record({
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: text }),
    time: fc.oneof(fc.constant(RIGHT_TIME), fc.constant(RIGHT_TIME), time, text),
    project: text,
    session: fc.oneof(fc.constantFrom('web-1', ''), text),
    payload,
  });

export const anyChange = row(CHANGE_TYPES);
export const anyTelemetry = row(Object.keys(TELEMETRY));

/** What SQLite may keep in a column that nothing holds to a type. */
export const anyStored = fc.oneof(
  text,
  time,
  payload,
  fc.constant(null),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
);
