import { describe, expect, test } from '@jest/globals';
import { pullRequest } from '../../../projector/answers/timeline.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const PR = 'https://github.com/o/r/pull/7';
const ALL = everything(1_000);

const moved = (host: TinyHost) =>
  host
    .created('web-1', at('0'))
    .created('web-2', at('10'))
    .found(PR, 'web-1', at('20'))
    .ended('web-1', at('25'))
    .claimed(PR, 'web-1', 'web-2', at('30'))
    .pull(PR, 'web-2', at('40'), { ci: 'failing' })
    .found(`${PR}1`, 'web-2', at('50'))
    .pull(PR, 'web-2', at('60'), { ci: 'failing', state: 'merged' });

describe('a PR', () => {
  const told = (name = PR, more = {}) =>
    asked(moved, (source, paths) => pullRequest(paths, source, { ...ALL, ...more }, name));

  test('tells its own events, in order', () => {
    expect(told().events.map((event) => `${event.cause_position} ${event.name}`)).toEqual([
      '3 ao.pr.observed',
      '5 ao.pr.observed',
      '6 ao.pr.ci_failed',
      '8 ao.pr.merged',
    ]);
    expect(told(PR, { since: ms(50) }).events).toHaveLength(1);
    expect(told(PR, { project: 'api' }).events).toEqual([]);
  });

  test('tells the sessions that owned it, in the order in which they came to it', () => {
    expect(told()).toMatchObject({
      raw: PR,
      incarnations: [
        { raw: 'web-1', ended_at: ms(25) },
        { raw: 'web-2', ended_at: null },
      ],
    });
  });

  test('is named by its URL, its hash, or the beginning of that', () => {
    const { subject } = told(`${PR}1`);
    asked(moved, (source, paths) => {
      const named = (name: string) => pullRequest(paths, source, ALL, name);
      const hash = named(PR).subject;
      expect(named(hash).raw).toBe(PR);
      expect(named(hash.slice(0, 10)).raw).toBe(PR);
      expect(() => named(subject)).toThrow('There is no one PR');
      expect(() => named(PR.slice(0, -1))).toThrow('There is no one PR');
    });
  });
});

test('where no raw ids are kept the URL names it all the same, and is not printed', () => {
  const text = asked(moved, (source, paths) => JSON.stringify(pullRequest(paths, source, ALL, PR)), 19, false);
  expect(JSON.parse(text)).toMatchObject({ raw: null, incarnations: [{ raw: null }, { raw: null }] });
  expect(text).not.toMatch(/web|github/);
});
