import { describe, test } from '@jest/globals';
import { given, type Row } from '../../support/spec.ts';
import { created, ended, idle, session, started } from '../rows.ts';

const sessions = [created(1, 'web-2'), created(2, 'web-10'), created(3, 'api-1')];
const back = [idle(21, 'web-2', '12:05:00'), idle(22, 'web-10', '12:05:01'), idle(23, 'api-1', '12:05:02')];
const run = (second = '12:00:50.03', third = '12:00:50.06') => [
  ended(11, 'web-2', '12:00:50'),
  ended(12, 'web-10', second),
  ended(13, 'api-1', third),
];
const stop = { 11: 'daemon_stop', 12: 'daemon_stop', 13: 'daemon_stop' };
const unknown = { 11: 'unknown', 12: 'unknown', 13: 'unknown' };

describe('a stop whose start is not recorded shows itself by its restores', () => {
  test('which come in the order of the run', () => {
    given(...sessions, ...run(), ...back).expectCauses(stop);
    given(...sessions, ...run(), idle(21, 'web-10'), idle(22, 'web-2'), idle(23, 'api-1')).expectCauses(unknown);
  });

  test('which are two at least', () => {
    given(...sessions, ...run(), back[0]!, back[2]!).expectCauses({ ...stop, 12: 'unknown' });
    given(...sessions, ...run(), back[1]!).expectCauses(unknown);
    given(created(1, 'web-2'), ended(11, 'web-2', '12:00:50'), idle(21, 'web-2', '12:05:00')).expectCauses({
      11: 'unknown',
    });
  });

  test('which come before any other end', () => {
    const other = (seq: number): Row[] => [created(4, 'api-9'), ...run(), ended(seq, 'api-9', '12:04:00')];
    given(...sessions, ...other(20), ...back).expectCauses({ ...unknown, 20: 'unknown' });
    given(...sessions, ...other(14), created(15, 'api-10'), ...back).expectCauses({ ...unknown, 14: 'unknown' });
  });

  test('of which those count that came before it', () => {
    const again = ended(24, 'web-2', '12:06:00');
    given(...sessions, ...run(), back[0]!, back[1]!, again, idle(25, 'api-1')).expectCauses({
      ...stop,
      13: 'unknown',
      24: 'unknown',
    });
    given(...sessions, ...run(), back[0]!, ended(22, 'web-2'), idle(23, 'api-1')).expectCauses({
      ...unknown,
      22: 'unknown',
    });
  });
});

describe('the run', () => {
  test('has at most 1 s between neighbours, and not a nanosecond more', () => {
    given(...sessions, ...run('12:00:51', '12:00:52'), ...back).expectCauses(stop);
    given(...sessions, ...run('12:00:51.000000001', '12:00:52'), ...back).expectCauses({ ...stop, 11: 'unknown' });
    given(...sessions, ...run('12:00:51', '12:00:52.000000001'), ...back).expectCauses(unknown);
  });

  test('goes project by project, by number in each', () => {
    const ends = [
      ended(11, 'web-10', '12:00:50'),
      ended(12, 'web-2', '12:00:50.03'),
      ended(13, 'api-1', '12:00:50.06'),
    ];
    given(...sessions, ...ends, idle(21, 'web-10'), idle(22, 'web-2'), idle(23, 'api-1')).expectCauses({
      ...stop,
      11: 'unknown',
    });
  });

  test('is broken by any other session row', () => {
    const [first, second] = run();
    given(
      ...sessions,
      first!,
      session(12, 'web-10', 'active', '12:00:50'),
      ended(13, 'web-10', '12:00:50.01'),
      ...back.slice(0, 2),
    ).expectCauses({ 11: 'unknown', 13: 'unknown' });
    given(...sessions, first!, second!, created(13, 'api-9'), ended(14, 'api-1', '12:00:50.06'), ...back).expectCauses({
      11: 'unknown',
      12: 'unknown',
      14: 'unknown',
    });
  });

  test('is one of hosts below v20', () => {
    const ends = (host: number) => [
      ended(11, 'web-2', '12:00:50', { host }),
      ended(12, 'web-10', '12:00:50.03', { host }),
    ];
    given(...sessions, ...ends(19), ...back).expectCauses({ 11: 'daemon_stop', 12: 'daemon_stop' });
    given(...sessions, ...ends(20), ...back).expectCauses({ 11: 'unknown', 12: 'unknown' });
  });
});

describe('a start that is recorded between the last end and the first restore', () => {
  const recorded = (time: string) => given(...sessions, ...run(), started(time), ...back);

  test('speaks for itself', () => {
    recorded('12:04:49.999999999').expectCauses(unknown);
    recorded('12:00:50.060000001').expectCauses(unknown);
  });

  test('is not one at the time of the last end, nor one after the first restore', () => {
    recorded('12:00:50.06').expectCauses(stop);
    recorded('12:05:00.000000001').expectCauses(stop);
  });
});
