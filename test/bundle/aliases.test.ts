import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChangeFact, SCRATCH_PROJECT } from '../../projections/facts.ts';
import { sessionNumber } from '../../projections/sessions.ts';
import { Aliases } from '../../projector/bundle/aliases.ts';
import { Keys } from '../../projector/host/keys.ts';

const keys = new Keys(Buffer.alloc(32, 1));

const created = (session: string, project = 7): ChangeFact =>
  ({ type: 'session_created', session, project }) as unknown as ChangeFact;

/** The aliases of these sessions of one project. */
function aliasesOf(...ids: string[]): string[] {
  const aliases = new Aliases(
    keys,
    ids.map((id) => created(id)),
  );
  return ids.map((id) => aliases.session(id));
}

test('projects are numbered as they appear, and the one that the daemon seeds keeps its name', () => {
  const aliases = new Aliases(keys, [created('b-1', 20), created('s-1', SCRATCH_PROJECT), created('a-1', 10)]);
  expect([20, 10, SCRATCH_PROJECT].map((key) => aliases.project(key))).toEqual(['p1', 'p2', 'scratch']);
  expect(aliases.project(30)).toBe('p3');
  expect(['b-1', 'a-1', 's-1'].map((id) => aliases.session(id))).toEqual(['p1-1', 'p2-1', 'scratch-1']);
});

test('sessions keep the order of their numbers, and no number', () => {
  expect(aliasesOf('web-40', 'web-7', 'web-1000')).toEqual(['p1-2', 'p1-1', 'p1-3']);
});

test('a session id that is used again has one alias', () => {
  expect(aliasesOf('web-7', 'web-8', 'web-7')).toEqual(['p1-1', 'p1-2', 'p1-1']);
});

test('those of one number, and those without any, are told apart and stay so', () => {
  expect(aliasesOf('web-7', 'api-7', 'no number', 'none either', 'web-9')).toEqual([
    ...['p1-1', 'p1.2-1', 'p1-0', 'p1.2-0', 'p1-2'],
  ]);
});

test('whatever the ids, their aliases are others and are in the order of the ids', () => {
  const number = fc.oneof(
    fc.constant(''),
    fc.bigInt({ min: 0n, max: 10n ** 17n }).map((value) => `-${value}`),
  );
  const id = fc.tuple(fc.constantFrom('web', 'api', 'w-1', ''), number).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 12 }), (ids) => {
      const aliases = aliasesOf(...ids);
      expect(new Set(aliases).size).toBe(ids.length);
      for (const [index, one] of ids.entries()) {
        for (const [other, another] of ids.entries()) {
          const order = Math.sign(sessionNumber(one) - sessionNumber(another));
          expect(Math.sign(sessionNumber(aliases[index]!) - sessionNumber(aliases[other]!))).toBe(order);
        }
      }
    }),
    { numRuns: 300, seed: 20260618 },
  );
});

test('a session has one alias in both streams, and one that only the journal names has another', () => {
  const aliases = new Aliases(keys, [created('web-5'), created('web-6')]);
  expect(aliases.sessionOfHash(keys.session('web-6'), 7)).toBe('p1-2');
  expect(aliases.sessionOfHash(keys.session('web-4'), 7)).toBe('p1-3');
  expect(aliases.sessionOfHash(keys.session('web-4'), null)).toBe('p1-3');
  expect(aliases.sessionOfHash(keys.session('web-3'), null)).toBe('p0-1');
});

test('PRs, commits, previews and requests are numbered as they appear', () => {
  const aliases = new Aliases(keys, []);
  const pulls = ['u', 'v', 'u'].map((url) => aliases.pull(url, 7));
  expect(pulls).toEqual([1, 2, 1].map((number) => `https://example.invalid/p1/pull/${number}`));
  expect(aliases.pull('w', 8)).toBe('https://example.invalid/p2/pull/1');
  expect(['x', 'y', 'x'].map((commit) => aliases.digest('commit', commit))).toEqual(['c1', 'c2', 'c1']);
  expect(aliases.digest('request', 'x')).toBe('r1');
  expect(aliases.digest('preview', '')).toBe('');
});

test('a time is told in UTC to the nanosecond, and two texts of one moment are told apart', () => {
  const aliases = new Aliases(keys, []);
  const moment = { at: Date.UTC(2026, 5, 18, 10, 0, 0, 123), nanos: 456_789 };
  const [utc, zoned] = ['2026-06-18 10:00:00.123456789 +0000 UTC', 'a digest of a text with a zone'];
  expect(aliases.time(utc, moment)).toBe('2026-06-18T10:00:00.123456789Z');
  expect(aliases.time(zoned, moment)).toBe('2026-06-18T10:00:00.123456789Z#2');
  expect(aliases.time(utc, moment)).toBe('2026-06-18T10:00:00.123456789Z');
});
