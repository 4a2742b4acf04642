import { describe, expect, test } from '@jest/globals';
import { activity } from '../../../projector/answers/activity.ts';
import type { Filter } from '../../../projector/answers/filter.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const DAY = 86_400;

const invoked = (host: TinyHost, day: number, command: string) =>
  host.telemetry('ao.cli.invoked', at(String(day * DAY)), { command: 'x', command_path: command });

/** The first day, Thursday 2026-06-18, then Saturday, and Tuesday and Friday of the week after. */
const days = (host: TinyHost) => {
  invoked(host, 0, 'ao spawn');
  invoked(host, 2, 'ao send');
  invoked(host, 3, 'ao status');
  return invoked(host, 8, 'ao start').created('web-1', at(String(5 * DAY)));
};

const answer = (write: (host: TinyHost) => TinyHost, day: number, more: Partial<Filter> = {}) =>
  asked(write, (source) => activity(source, everything(day * DAY, more)));

describe('active days', () => {
  test('are those with an act of a user', () => {
    expect(answer(days, 8).days).toEqual(['2026-06-18', '2026-06-20', '2026-06-23', '2026-06-26']);
  });

  test('are counted over the last 1, 7 and 30 days, today included', () => {
    expect(answer(days, 8)).toMatchObject({ dau: 1, wau: 3, mau: 4, stickiness: 4 / 30 });
    expect(answer(days, 9)).toMatchObject({ dau: 0, wau: 2, mau: 4 });
    expect(answer(days, 32)).toMatchObject({ dau: 0, wau: 0, mau: 2 });
    expect(answer(days, 60)).toMatchObject({ mau: 0, stickiness: null });
  });

  test('after the first are returns, and four of them mean that the user stays', () => {
    expect(answer(days, 8)).toMatchObject({ returns: 3, retained: false });
    expect(answer((host) => invoked(days(host), 9, 'ao start'), 9)).toMatchObject({ returns: 4, retained: true });
  });

  test('that have not come yet do not count', () => {
    expect(answer(days, 6)).toMatchObject({ returns: 2, mau: 3 });
  });

  test('of one project are those of its sessions', () => {
    const both = (host: TinyHost) => days(host).created('api-1', at(String(6 * DAY)));
    expect(answer(both, 8, { project: 'api' }).days).toEqual(['2026-06-24']);
  });
});

describe('by week', () => {
  const monday = (day: number) => ms(0) - 12 * 3_600_000 - 3 * DAY * 1000 + day * DAY * 1000;

  test('the install is one that came in its first week', () => {
    const { retention, life_cycle } = answer(days, 12);
    expect(retention).toEqual([{ cohort: monday(0), sizes: [1, 1, 0] }]);
    expect(life_cycle).toEqual([
      { from: monday(0), new: 1, returning: 0, resurrecting: 0, dormant: 0 },
      { from: monday(7), new: 0, returning: 1, resurrecting: 0, dormant: 0 },
      { from: monday(14), new: 0, returning: 0, resurrecting: 0, dormant: 1 },
    ]);
  });

  test('or its projects, each by its own', () => {
    const both = (host: TinyHost) => days(host).created('api-1', at(String(12 * DAY)));
    expect(answer(both, 12, { by: 'project' }).retention).toEqual([
      { cohort: monday(7), sizes: [1, 0] },
      { cohort: monday(14), sizes: [1] },
    ]);
  });
});
