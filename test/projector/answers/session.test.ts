import { describe, expect, test } from '@jest/globals';
import { session } from '../../../projector/answers/timeline.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const PR = 'https://github.com/o/r/pull/7';
const ALL = everything(1_000);

const lived = (host: TinyHost) =>
  host
    .created('web-1', at('0'))
    .created('web-10', at('1'))
    .updated('web-1', 'active', false, at('10'))
    .updated('web-1', 'waiting_input', false, at('20'))
    .found(PR, 'web-1', at('30'))
    .pull(PR, 'web-1', at('40'), { ci: 'passing' })
    .ended('web-1', at('50'));

const lines = (write: (host: TinyHost) => TinyHost, name: string, more = {}) =>
  asked(write, (source, paths) =>
    session(paths, source, { ...ALL, ...more }, name).events.map((event) => `${event.cause_position} ${event.name}`),
  );

describe('the events of a session', () => {
  test('are its own and those of its PRs, in order', () => {
    expect(lines(lived, 'web-1').filter((line) => !line.includes('onboarding'))).toEqual([
      '1 ao.session.spawned',
      '3 ao.session.first_signal',
      '4 ao.session.waiting_input_entered',
      '5 ao.pr.observed',
      '6 ao.pr.ci_passed',
      '7 ao.session.waiting_input_exited',
      '7 ao.session.killed',
    ]);
  });

  test('within the bounds, and counted by what was asked', () => {
    expect(lines(lived, 'web-1', { since: ms(35), until: ms(45) })).toEqual(['6 ao.pr.ci_passed']);
    const counted = asked(lived, (source, paths) =>
      session(paths, source, { ...ALL, since: ms(45), by: 'end_cause' }, 'web-1'),
    );
    expect(counted.breakdown).toEqual([
      { value: null, count: 1 },
      { value: 'unknown', count: 1 },
    ]);
  });
});

describe('its lives', () => {
  const lives = (write: (host: TinyHost) => TinyHost, name = 'web-1') =>
    asked(write, (source, paths) => session(paths, source, ALL, name).incarnations);

  test('tell when it was created and when and why it ended', () => {
    expect(lives(lived)).toMatchObject([
      { raw: 'web-1', created_at: ms(0), spawned: true, ended_at: ms(50), end_cause: 'unknown', certainty: null },
    ]);
  });

  test('have no end while it goes on, also after a restore', () => {
    expect(lives(lived, 'web-10')).toMatchObject([{ spawned: true, ended_at: null, end_cause: null }]);
    expect(lives((host) => lived(host).idle('web-1', at('60')))).toMatchObject([{ ended_at: null, end_cause: null }]);
  });

  test('are not spawned where the spawn failed late; then the failure is its only event', () => {
    const failed = (host: TinyHost) =>
      host
        .created('web-1', at('10'))
        .ended('web-1', at('11'))
        .telemetry('ao.session.spawn_failed', at('11.5'), SPAWN_FAILED, 'web');
    expect(lives(failed)).toMatchObject([{ spawned: false, ended_at: ms(11), end_cause: null }]);
    expect(lines(failed, 'web-1').map((line) => line.split(' ')[1])).toEqual(['ao.spawn.failed']);
  });

  test('begin anew where the id is used again: what the first one told is taken back', () => {
    const again = (host: TinyHost) => lived(host).created('web-1', at('60'));
    expect(lives(again)).toMatchObject([{ created_at: ms(60), ended_at: null }]);
  });
});

const SPAWN_FAILED = {
  ...{ component: 'session_service', operation: 'spawn_session', kind: 'worker', harness: 'codex' },
  ...{ duration_ms: 5_000, error_kind: 'internal' },
};

describe('a session is named', () => {
  test('by its raw id, also where that begins another', () => {
    asked(lived, (source, paths) => {
      expect(session(paths, source, ALL, 'web-1').raw).toBe('web-1');
      expect(session(paths, source, ALL, 'web-10').raw).toBe('web-10');
    });
  });

  test('by its subject or the beginning of it', () => {
    asked(lived, (source, paths) => {
      const { subject } = session(paths, source, ALL, 'web-10');
      expect(session(paths, source, ALL, subject).raw).toBe('web-10');
      expect(session(paths, source, ALL, subject.slice(0, 8)).raw).toBe('web-10');
    });
  });

  test('by its hash or the beginning of it', () => {
    asked(lived, (source, paths) => {
      const hash = source.derived.prepare<[], string>('SELECT hash FROM session WHERE born = 2').pluck().get()!;
      expect(session(paths, source, ALL, hash).raw).toBe('web-10');
      expect(session(paths, source, ALL, hash.slice(0, 8)).raw).toBe('web-10');
    });
  });

  test('by nothing that several have, or none', () => {
    const many = (host: TinyHost) => {
      for (let number = 1; number <= 40; number++) host.created(`web-${number}`, at(String(number)));
      return host;
    };
    asked(many, (source, paths) => {
      const named = (name: string) => () => session(paths, source, ALL, name);
      const digits = [...'0123456789abcdef'];
      expect(digits.some((digit) => isAmbiguous(named(digit)))).toBe(true);
      expect(named('web')).toThrow('There is no one session that "web" names.');
      expect(named('')).toThrow('There is no one session');
    });
  });
});

function isAmbiguous(ask: () => unknown): boolean {
  try {
    ask();
    return false;
  } catch (error) {
    return (error as { code: string }).code === 'subject_ambiguous';
  }
}

test('where no raw ids are kept the raw id names it all the same, and is not printed', () => {
  const ask = (name: string) =>
    asked(lived, (source, paths) => JSON.stringify(session(paths, source, ALL, name)), 19, false);
  const text = ask('web-1');
  expect(JSON.parse(text)).toMatchObject({ raw: null, incarnations: [{ raw: null, created_at: ms(0) }] });
  expect(text).not.toMatch(/web|github/);
});
