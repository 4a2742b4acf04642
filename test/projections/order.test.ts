import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeStreams } from '../../projections/order.ts';
import type { DerivedEvent } from '../../projections/state.ts';

/** The order in which two streams, each the times of its events, are told: `c1 t1 c2`. */
function order(changes: readonly number[], telemetry: readonly number[]): string {
  const stream = (times: readonly number[], first: number) =>
    times.map((at, index) => ({ id: first + index, at }) as DerivedEvent)[Symbol.iterator]();
  const merged = [...mergeStreams(stream(changes, 1), stream(telemetry, 1_001))];
  return merged.map(({ id }) => (id > 1_000 ? `t${id - 1_000}` : `c${id}`)).join(' ');
}

describe('the events of a subject', () => {
  test('are told by time', () => {
    expect(order([10, 30], [20, 40])).toBe('c1 t1 c2 t2');
  });

  test('with those of change_log first on ties', () => {
    expect(order([10, 10], [10])).toBe('c1 c2 t1');
  });

  test('in the order of their positions where times of a stream went back', () => {
    expect(order([30, 10], [20])).toBe('t1 c1 c2');
    expect(order([10], [30, 5, 40])).toBe('c1 t1 t2 t3');
  });

  test('by the running maximum of each, so what came late stands with what it came after', () => {
    expect(order([30, 10, 50], [40])).toBe('c1 c2 t1 c3');
  });

  test('of one stream alone as it is', () => {
    expect(order([3, 1, 2], [])).toBe('c1 c2 c3');
    expect(order([], [3, 1])).toBe('t1 t2');
    expect(order([], [])).toBe('');
  });

  test('are let go of where the loop over them is left early', () => {
    const left: string[] = [];
    function* stream(name: string, id: number) {
      try {
        yield { id, at: id } as DerivedEvent;
        yield { id, at: id } as DerivedEvent;
      } finally {
        left.push(name);
      }
    }
    for (const _ of mergeStreams(stream('changes', 1), stream('telemetry', 1_001))) break;
    expect(left).toEqual(['changes', 'telemetry']);
  });

  test('never change places within a stream', () => {
    const times = fc.array(fc.nat(50), { maxLength: 20 });
    fc.assert(
      fc.property(times, times, (changes, telemetry) => {
        const told = order(changes, telemetry).split(' ');
        expect(told.filter((id) => id.startsWith('c'))).toEqual(changes.map((_, index) => `c${index + 1}`));
        expect(told.filter((id) => id.startsWith('t'))).toEqual(telemetry.map((_, index) => `t${index + 1}`));
      }),
    );
  });
});
