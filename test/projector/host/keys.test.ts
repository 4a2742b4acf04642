import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SCRATCH_PROJECT } from '../../../projections/facts.ts';
import { Keys } from '../../../projector/host/keys.ts';

const keys = new Keys(Buffer.alloc(32, 7));
const others = new Keys(Buffer.alloc(32, 8));

describe('a key stands for an id', () => {
  test('the same for ever, for whoever has the local key', () => {
    const again = new Keys(Buffer.alloc(32, 7));
    expect(again.session('web-1')).toBe(keys.session('web-1'));
    expect(again.pull('https://github.com/o/r/pull/7')).toBe(keys.pull('https://github.com/o/r/pull/7'));
    expect(again.project('web')).toBe(keys.project('web'));
    expect(again.digest('abc')).toBe(keys.digest('abc'));
    expect(again.telemetry('tev_1')).toBe(keys.telemetry('tev_1'));
  });

  test('another under another local key', () => {
    expect(others.session('web-1')).not.toBe(keys.session('web-1'));
    expect(others.project('web')).not.toBe(keys.project('web'));
    expect(others.telemetry('tev_1')).not.toBe(keys.telemetry('tev_1'));
  });

  test('another for an id of another kind', () => {
    const project = keys.project('web').toString(16).padStart(12, '0');
    const beginnings = [keys.session('web'), keys.pull('web'), keys.digest('web'), keys.telemetry('web'), project].map(
      (key) => key.slice(0, 12),
    );
    expect(new Set(beginnings).size).toBe(5);
  });

  test('of which nothing can be read back', () => {
    expect(keys.session('web-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(keys.pull('https://github.com/o/r/pull/7')).toMatch(/^[0-9a-f]{32}$/);
    expect(keys.digest('')).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the key of a project', () => {
  test('is an integer of 48 bits', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const key = keys.project(id);
        expect(Number.isInteger(key) && key >= 0 && key < 2 ** 48).toBe(true);
      }),
    );
  });

  test('is always the same for the one that daemons seed, and nobody else’s', () => {
    expect(keys.project('scratch')).toBe(SCRATCH_PROJECT);
    expect(others.project('scratch')).toBe(SCRATCH_PROJECT);
    expect(keys.project('Scratch')).not.toBe(SCRATCH_PROJECT);
  });

  test('does not change when more projects come than are remembered', () => {
    const first = keys.project('web');
    const many = Array.from({ length: 5_000 }, (_, index) => keys.project(`web-${index}`));
    expect(new Set(many).size).toBe(5_000);
    expect(keys.project('web')).toBe(first);
    expect(keys.project('web-0')).toBe(many[0]);
  });
});

test('different ids have different keys', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      fc.pre(a !== b);
      expect(keys.session(a)).not.toBe(keys.session(b));
      expect(keys.project(a)).not.toBe(keys.project(b));
    }),
  );
});
