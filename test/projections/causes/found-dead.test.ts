import { test } from '@jest/globals';
import { given } from '../../support/spec.ts';
import { created, ended, idle, started } from '../rows.ts';

const newer = { host: 82 };
const story = (ends: string, restored: string, ...starts: string[]) =>
  given(
    created(1, 'web-1', '12:00:01'),
    ended(2, 'web-1', ends, newer),
    idle(3, 'web-1', restored),
    ...starts.map(started),
  );

test('a session that a start ended and restored was found dead', () => {
  story('12:01:01', '12:01:01.3', '12:01:00').expectCauses({ 2: 'found_dead_at_start' });
});

test('an end at the very time of the start is after it', () => {
  story('12:01:00', '12:01:01', '12:01:00').expectCauses({ 2: 'found_dead_at_start' });
  story('12:00:59.999999999', '12:01:01', '12:01:00').expectCauses({ 2: 'unknown' });
});

test('the start may be 10 s before the restore, and not a nanosecond more', () => {
  story('12:01:05', '12:01:10', '12:01:00').expectCauses({ 2: 'found_dead_at_start' });
  story('12:01:05', '12:01:10.000000001', '12:01:00').expectCauses({ 2: 'unknown' });
});

test('nor may the end be later than that, where the clock stepped back before the restore', () => {
  story('12:01:10', '12:01:01', '12:01:00').expectCauses({ 2: 'found_dead_at_start' });
  story('12:01:10.000000001', '12:01:01', '12:01:00').expectCauses({ 2: 'unknown' });
});

test('without a start nobody was found dead', () => {
  story('12:01:01', '12:01:01.3').expectCauses({ 2: 'unknown' });
});

test('a start between the end and the restore is another one', () => {
  story('12:01:01', '12:01:03', '12:01:00', '12:01:02').expectCauses({ 2: 'unknown' });
  story('12:01:01', '12:01:03', '12:01:00', '12:01:03').expectCauses({ 2: 'unknown' });
  story('12:01:01', '12:01:03', '12:01:00', '12:01:03.000000001').expectCauses({ 2: 'found_dead_at_start' });
});

test('an earlier start does not stand against it', () => {
  story('12:01:01', '12:01:03', '12:00:50', '12:00:58', '12:01:00').expectCauses({ 2: 'found_dead_at_start' });
});

test('an end that nothing has restored is unknown', () => {
  given(created(1, 'web-1'), started('12:01:00'), ended(2, 'web-1', '12:01:01', newer)).expectCauses({ 2: 'unknown' });
});

test('each restore speaks of its own end', () => {
  given(
    created(1, 'web-1'),
    ended(2, 'web-1', '12:00:30', newer),
    idle(3, 'web-1', '12:00:40'),
    started('12:01:00'),
    ended(4, 'web-1', '12:01:01', newer),
    idle(5, 'web-1', '12:01:02'),
  ).expectCauses({ 2: 'unknown', 4: 'found_dead_at_start' });
});

test('hosts of every version find sessions dead', () => {
  const rows = [created(1, 'web-1'), ended(2, 'web-1', '12:01:01', { host: 19 }), idle(3, 'web-1', '12:01:02')];
  given(...rows, started('12:01:00')).expectCauses({ 2: 'found_dead_at_start' });
});
