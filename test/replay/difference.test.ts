import { expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { FailureGroup } from '../../projector/answers/failures.ts';
import type { Derived } from '../../projector/bundle/derived.ts';
import { firstDifference } from '../../projector/replay/difference.ts';

const event = (id: string, dimensions: Record<string, string> = {}) =>
  ({ id, name: `ao.${id}`, at: 1, dimensions, measures: {} }) as unknown as EventAnswer;

const group = (fingerprint: string, count: number) =>
  ({ fingerprint, name: `ao.${fingerprint}`, count, per_day: [['2026-06-01', count]] }) as unknown as FailureGroup;

const derived = (events: EventAnswer[], groups: FailureGroup[] = []) =>
  ({ events, failures: { now: 0, as_of: null, groups } }) as unknown as Derived;

test('what is derived alike has no difference', () => {
  const make = () => derived([event('a'), event('b', { how: 'found' })], [group('g', 1)]);
  expect(firstDifference(make(), make())).toBeNull();
});

test('the first field that differs is told with both values', () => {
  const before = derived([event('a'), event('b', { end_cause: 'unknown' }), event('c', { how: 'found' })]);
  const now = derived([event('a'), event('b', { end_cause: 'merged' }), event('c', { how: 'claimed' })]);
  expect(firstDifference(before, now)).toEqual({
    ...{ id: 'b', name: 'ao.b', field: 'dimensions.end_cause' },
    ...{ bundled: 'unknown', projected: 'merged' },
  });
});

test('a field that one of both lacks is told as nothing there', () => {
  const found = firstDifference(derived([event('a')]), derived([event('a', { how: 'found' })]));
  expect(found).toMatchObject({ field: 'dimensions.how', bundled: null, projected: 'found' });
});

test('an event that is told no more, and one that is told now', () => {
  const [a, b] = [event('a'), event('b')];
  expect(firstDifference(derived([a, b]), derived([b]))).toMatchObject({ id: 'a', field: null, projected: null });
  expect(firstDifference(derived([b]), derived([a, b]))).toMatchObject({ id: 'a', field: null, bundled: null });
});

test('another order is a difference', () => {
  const found = firstDifference(derived([event('a'), event('b')]), derived([event('b'), event('a')]));
  expect(found).toMatchObject({ id: 'a', field: 'place', bundled: 'a', projected: 'b' });
});

test('groups of failures are held against each other where the events are the same', () => {
  const found = firstDifference(derived([event('a')], [group('g', 1)]), derived([event('a')], [group('g', 2)]));
  expect(found).toMatchObject({ id: 'g', field: 'count', bundled: 1, projected: 2 });
});
