import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketed, exportable, type Field, type FieldKind, OTHER_WORD } from '../../projector/exports/field.ts';

const field = (type: FieldKind): Field => ({ type, purpose: 'a test', counted: false });
const WORDS = ['worker', 'orchestrator', 'true'];

const isWhole = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value);
const isCount = (value: unknown) => isWhole(value) && Number(value) >= 0 && Number(value) <= 1_000_000;

/** What each kind may let out. */
const KINDS: readonly (readonly [FieldKind, (value: unknown) => boolean])[] = [
  [{ kind: 'word', words: WORDS }, (value) => [...WORDS, OTHER_WORD].includes(value as string)],
  [{ kind: 'bucketed' }, (value) => value === 0 || /^[125]0*$/.test(String(value))],
  [{ kind: 'count' }, isCount],
  [{ kind: 'hash' }, (value) => typeof value === 'string' && /^[0-9a-f]{12,32}$/.test(value)],
  [{ kind: 'time' }, isWhole],
  [{ kind: 'position' }, isWhole],
];

/** Anything there is, and what is nearly of a kind. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withObjectString: true }),
  fc.constantFrom(...WORDS, true, 'Worker', 'worker ', Number.NaN, -1, 1.5, 2 ** 53, '12', [['worker']]),
  fc.integer(),
  fc.maxSafeNat(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefg'), minLength: 10, maxLength: 34 }),
);

describe.each(KINDS)('%j', (type, isOf) => {
  test('lets nothing out that is not of its kind, whatever is put in', () => {
    let out = 0;
    fc.assert(
      fc.property(anything, (value) => {
        const found = exportedOrNot(type, value);
        if (found === undefined) return;
        out += 1;
        expect([found, isOf(found)]).toEqual([found, true]);
      }),
      { numRuns: 1_000, seed: 20260622 },
    );
    expect(out).toBeGreaterThan(20);
  });

  test.each([null, undefined, ''])('lets nothing out of %j', (value) => {
    expect(exportable(field(type), value)).toBeUndefined();
  });
});

/** What cannot be of a kind is a fault, and is thrown. */
function exportedOrNot(type: FieldKind, value: unknown): unknown {
  try {
    return exportable(field(type), value);
  } catch {
    return undefined;
  }
}

test.each([
  ['word', { kind: 'word', words: WORDS }, 'worker', 'worker'],
  ['word that is none of its vocabulary', { kind: 'word', words: WORDS }, 'my secret', 'other'],
  ['word for a truth', { kind: 'word', words: WORDS }, true, 'true'],
  ['duration', { kind: 'bucketed' }, 1_999, 1_000],
  ['count', { kind: 'count' }, 480, 480],
  ['count beyond a million', { kind: 'count' }, 1_000_001, 1_000_000],
  ['hash', { kind: 'hash' }, '0123456789ab', '0123456789ab'],
  ['time', { kind: 'time' }, 1_782_000_000_000, 1_782_000_000_000],
  ['position', { kind: 'position' }, 12_345, 12_345],
] as const)('a %s goes out', (_, type, value, out) => {
  expect(exportable(field(type), value)).toBe(out);
});

test.each([
  ['hash', 'A23456789ABC'],
  ['hash', 'web-1'],
  ['count', -1],
  ['count', '480'],
  ['bucketed', 1.5],
  ['time', '2026-06-18'],
  ['position', Number.NaN],
] as const)('what is no %s is thrown, and the text of it not told: %j', (kind, value) => {
  expect(() => exportable(field({ kind }), value)).toThrow(
    new RegExp(`^Expected a value of the kind ${kind}, got a \\w+ that is none$`),
  );
});

test('a duration is told as the greatest of 0, 1, 2, 5, 10, 20, 50 ... that is not above it', () => {
  const steps = [0, ...Array.from({ length: 16 }, (_, decade) => [1, 2, 5].map((lead) => lead * 10 ** decade)).flat()];
  fc.assert(
    fc.property(fc.oneof(fc.nat(1_000), fc.maxSafeNat(), fc.constantFrom(...steps.slice(0, 46))), (ms) => {
      expect(bucketed(ms)).toBe(steps.findLast((step) => step <= ms));
    }),
    { numRuns: 1_000, seed: 20260622 },
  );
});
