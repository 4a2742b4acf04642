import { describe, expect, test } from '@jest/globals';
import type { Filter } from '../../../projector/answers/filter.ts';
import { stuck } from '../../../projector/answers/stuck.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const DAY = 86_400;

const answer = (write: (host: TinyHost) => TinyHost, more: Partial<Filter> = {}) =>
  asked(write, (source) => stuck(source, everything(1000, more)));

const waiting = (host: TinyHost) =>
  host
    .created('web-1', at('0'))
    .updated('web-1', 'waiting_input', false, at('10'))
    .updated('web-1', 'active', false, at('70'))
    .created('api-1', at('100'))
    .updated('api-1', 'waiting_input', false, at('200'))
    .updated('web-1', 'waiting_input', false, at('300'));

describe('who waits now', () => {
  test('stands with since when, the longest wait first', () => {
    expect(answer(waiting).open_waits).toMatchObject([
      { raw: 'api-1', since: ms(200), dwell_ms: 800_000 },
      { raw: 'web-1', since: ms(300), dwell_ms: 700_000 },
    ]);
  });

  test('has not ended', () => {
    expect(answer((host) => waiting(host).ended('api-1', at('400'))).open_waits).toMatchObject([{ raw: 'web-1' }]);
  });

  test('within the bounds and the project that were asked for', () => {
    expect(answer(waiting, { since: ms(250) }).open_waits).toMatchObject([{ raw: 'web-1' }]);
    expect(answer(waiting, { until: ms(250) }).open_waits).toMatchObject([{ raw: 'api-1' }]);
    expect(answer(waiting, { project: 'api' }).open_waits).toMatchObject([{ raw: 'api-1' }]);
  });
});

describe('how long waits took', () => {
  test('counts those that ended, whatever ended them', () => {
    const ended = (host: TinyHost) => waiting(host).ended('api-1', at('260'));
    expect(answer(ended).dwell).toMatchObject([{ by: null, count: 2, median_ms: 60_000, p90_ms: 60_000 }]);
    expect(answer(ended, { project: 'web' }).dwell).toMatchObject([{ count: 1 }]);
  });

  test('are told by how long, each in one bucket', () => {
    const ended = (host: TinyHost) => waiting(host).updated('web-1', 'active', false, at('4300'));
    const filled = answer(ended).dwell.map(({ histogram }) => histogram.filter(({ count }) => count > 0));
    expect(filled).toEqual([
      [
        { from_ms: 60_000, to_ms: 300_000, count: 1 },
        { from_ms: 3_600_000, to_ms: 14_400_000, count: 1 },
      ],
    ]);
  });
});

describe('the last step of those who stopped', () => {
  test('is empty where the kind of a session is not known to be worker', () => {
    expect(answer(waiting, { now: ms(40 * DAY) }).stopped).toEqual([]);
  });
});
