import { describe, expect, test } from '@jest/globals';
import type { Filter } from '../../../projector/answers/filter.ts';
import { usage } from '../../../projector/answers/usage.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const DAY = 86_400;

const invoked = (host: TinyHost, day: number, command: string, actor?: string) => {
  const pair = { command: 'x', command_path: command, ...(actor ? { actor_type: actor } : {}) };
  return host.telemetry('ao.cli.invoked', at(String(day * DAY)), pair);
};

const busy = (host: TinyHost) => {
  for (let time = 0; time < 3; time++) invoked(host, 0, 'ao hooks');
  invoked(host, 0, 'ao spawn fix my thing');
  invoked(host, 0, 'ao send');
  host.telemetry('ao.app.active', at('0'), { command: 'x', command_path: 'ao spawn', channel: 'cli' });
  invoked(host, 1, 'ao status', 'user');
  invoked(host, 1, 'ao status', 'agent');
  return host.created('web-1', at(String(DAY)));
};

const answer = (more: Partial<Filter> = {}) => asked(busy, (source) => usage(source, everything(2 * DAY, more)));

describe('usage', () => {
  test('counts commands by day, command and actor', () => {
    expect(answer().days.map(({ day, commands }) => [day, commands])).toEqual([
      [
        '2026-06-18',
        [
          { command: 'ao hooks', actor: 'other', count: 3 },
          { command: 'ao send', actor: 'user', count: 1 },
          { command: 'ao spawn', actor: 'user', count: 1 },
        ],
      ],
      [
        '2026-06-19',
        [
          { command: 'ao status', actor: 'agent', count: 1 },
          { command: 'ao status', actor: 'user', count: 1 },
        ],
      ],
    ]);
  });

  test('counts what was done by day, projects among it', () => {
    expect(answer().days.map(({ verbs }) => verbs)).toEqual([
      [
        { name: 'ao.project.added', count: 2 },
        { name: 'ao.send', count: 1 },
      ],
      [{ name: 'ao.session.spawned', count: 1 }],
    ]);
  });

  test('is of the days that any of lies within the bounds', () => {
    expect(answer({ since: ms(DAY) }).days.map(({ day }) => day)).toEqual(['2026-06-19']);
    expect(answer({ until: ms(DAY - 1) }).days[0]?.commands).toHaveLength(3);
  });

  test('of one project has no commands, for they belong to none', () => {
    expect(answer({ project: 'web' }).days).toEqual([
      { day: '2026-06-18', commands: [], verbs: [{ name: 'ao.project.added', count: 1 }] },
      { day: '2026-06-19', commands: [], verbs: [{ name: 'ao.session.spawned', count: 1 }] },
    ]);
  });

  test('is summed up by who ran it', () => {
    expect(answer({ by: 'actor' }).breakdown).toEqual([
      { value: 'other', count: 3 },
      { value: 'user', count: 3 },
      { value: 'agent', count: 1 },
    ]);
  });
});
