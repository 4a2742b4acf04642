import { describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { TRIGGERED } from '../../../projections/facts.ts';
import { type Explained, explain } from '../../../projector/answers/explain/explain.ts';
import { ask } from '../../../projector/answers/funnel/ask.ts';
import { SHIPPED } from '../../../projector/answers/funnel/shipped.ts';
import { session } from '../../../projector/answers/timeline.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { asked, askedOver, everything } from './asked.ts';

const ALL = everything(1_000);

type Write = (host: TinyHost) => TinyHost;

const explained = (write: Write, what: string, version = 19): Explained =>
  asked(write, (source, paths) => explain(paths, source, ALL, [what]), version);

/** What a trigger recorded of `web-1`, which was created at 0. */
const seen = (host: TinyHost, name: string, when: string, more: object = {}) =>
  host.telemetry(name, at(when), { created_at: at('0'), ...more }, 'web', '', 'web-1');

const SEEN_CREATED = { kind: 'worker', harness: 'codex', has_issue: false, launched: false };
const SEEN_ENDED = { launched: true, activity: 'active', runtime_gone: true };

/** A session that triggers saw from its creation on, and, unless told otherwise, its launch. */
const covered = (host: TinyHost, launchedAt: string | null = '2') => {
  seen(host.created('web-1', at('0')), TRIGGERED.sessionCreated, '0', SEEN_CREATED);
  return launchedAt === null ? host : seen(host, TRIGGERED.sessionLaunched, launchedAt);
};

describe('what triggers saw stands beside what it made', () => {
  test('a launch', () => {
    expect(explained(covered, 'ao.session.spawned@1').rows).toMatchObject([
      { stream: 'change_log', position: 1 },
      { stream: 'telemetry', kind: TRIGGERED.sessionLaunched, role: 'its launch, as a trigger saw it' },
    ]);
  });

  test('the mark of the reaper', () => {
    const reaped = (host: TinyHost) =>
      seen(covered(host).ended('web-1', at('100')), TRIGGERED.sessionEnded, '100', SEEN_ENDED);
    const answer = explained(reaped, 'ao.session.killed@2');
    expect(answer).toMatchObject({ answer: { dimensions: { end_cause: 'runtime_gone', certainty: 'certain' } } });
    expect(answer.rows.at(-1)).toMatchObject({ kind: TRIGGERED.sessionEnded, fields: { runtime_gone: true } });
  });

  test('a first signal that no row says: it is the row that made it, and none of the session stands before', () => {
    // Another session has rows at the numbers that the journal has.
    const signalled = (host: TinyHost) => {
      seen(covered(host).created('web-2', at('5')), TRIGGERED.sessionFirstSignal, '7');
      for (let second = 10; second < 30; second++)
        host.updated('web-2', second % 2 ? 'idle' : 'active', false, at(`${second}`));
      return host;
    };
    asked(signalled, (source, paths) => {
      const events = session(paths, source, ALL, 'web-1').events;
      const signal = events.find(({ name }) => name === 'ao.session.first_signal')!;
      expect(signal.cause_stream).toBe('telemetry');
      const { rows } = explain(paths, source, ALL, [signal.id]);
      expect(rows).toMatchObject([{ stream: 'telemetry', kind: TRIGGERED.sessionFirstSignal, at: ms(7) }]);
      expect(rows).toHaveLength(1);
    });
  });
});

describe('why a session that triggers saw does not count as spawned', () => {
  const why = (write: Write) => explained(write, 'web-1').why_not[0];

  test('it ended without a launch', () => {
    expect(why((host) => covered(host, null).ended('web-1', at('20')))).toMatchObject({
      what: 'ao.session.spawned',
      why: 'It was never launched: the triggers saw its creation and its end, and no launch.',
      near: { stream: 'change_log', position: 2 },
    });
  });

  test('it was abandoned', () => {
    expect(why((host) => covered(host, null).created('web-2', at('601')))).toMatchObject({
      why: 'It was abandoned: no launch was recorded within ten minutes.',
      near: { position: 1 },
    });
  });

  test('its launch is still to come', () => {
    expect(why((host) => covered(host, null).created('web-2', at('600')))).toMatchObject({
      why: 'Its launch is not recorded yet; until then its events are withheld.',
    });
  });

  test('its launch came too late', () => {
    expect(why((host) => covered(host, '601').created('web-2', at('602')))).toMatchObject({
      why: 'It was launched only after ten minutes, when it had been given up.',
    });
  });

  test('it was rolled back, and nothing else is left of it', () => {
    const gone = (host: TinyHost) =>
      seen(
        seen(host.skip().created('api-1', at('5')), TRIGGERED.sessionCreated, '0', SEEN_CREATED),
        TRIGGERED.sessionRolledBack,
        '3',
        { kind: 'worker', harness: 'codex' },
      );
    expect(why(gone)).toMatchObject({
      why: 'It was rolled back: a trigger saw its seed deleted, as a spawn that fails early leaves none.',
      near: { stream: 'telemetry', kind: TRIGGERED.sessionRolledBack },
    });
    const told = asked(gone, (source, paths) => session(paths, source, ALL, 'web-1'));
    expect(told.incarnations).toMatchObject([{ created_at: ms(0), spawned: false, ended_at: null }]);
    expect(told.events.map(({ name }) => name)).toEqual(['ao.spawn.failed']);
  });
});

test('a first signal of the journal counts in the funnel where its time puts it', () => {
  const make = (path: string) => {
    const host = new TinyHost(path);
    for (let number = 2; number < 40; number++) host.created(`web-${number}`, at('0'));
    seen(covered(host), TRIGGERED.sessionFirstSignal, '7').close();
    const db = new SQLite(path);
    db.exec(
      "CREATE TABLE sessions (id TEXT, kind TEXT, harness TEXT); INSERT INTO sessions VALUES ('web-1', 'worker', 'codex')",
    );
    db.close();
  };
  askedOver(make, (source) => {
    const { steps } = ask(source, { ...SHIPPED.session, since: null, until: null, by: null, now: ms(100) });
    expect(steps.map(({ reached }) => reached)).toEqual([1, 1, 0, 0, 0, 0]);
  });
});
