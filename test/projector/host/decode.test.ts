import { describe, expect, test } from '@jest/globals';
import { readRecorded } from '../../../fixtures/recorded.ts';
import { ChangeDecoder, LEFT_OUT, LEFT_OUT_BIRTH, NOISE, UNKNOWN } from '../../../projector/host/decode.ts';
import { NOTHING_LEFT_OUT } from '../../../projector/host/left-out.ts';
import { cell, decode, decoder, HOST, INSTANT, keys, TIME } from './cells.ts';

const BASE = { seq: 7, ...INSTANT, project: keys.project('web') };
const STATE = { id: 'web-1', activity: 'active', isTerminated: false };
const URL = 'https://github.com/o/r/pull/7';
const PULL = { url: URL, session: 'web-1', state: 'open', ci: 'pending', review: 'none', mergeability: 'unknown' };
const THREAD = { pr: URL, thread: 'T_1', path: 'src/a.ts', line: 0, resolved: true };

describe('session_created', () => {
  const type = 'session_created';

  test('has never changed', () => {
    expect(decode({ type, payload: { ...STATE, activity: 'idle' } })).toEqual({
      ...{ type, ...BASE, session: 'web-1', activity: 'idle', terminated: false },
    });
  });

  test('is rejected where a field is not what it was', () => {
    const rejected = (payload: object) => decode({ type, payload: { ...STATE, ...payload } });
    expect(rejected({ id: 'web-2' })).toEqual({ rejected: 'payload.id: expected the session id' });
    expect(rejected({ id: 5 })).toEqual({ rejected: 'payload.id: expected the session id' });
    expect(rejected({ activity: 'asleep' })).toEqual({ rejected: 'payload.activity: expected an activity state' });
    expect(rejected({ isTerminated: 1 })).toEqual({ rejected: 'payload.isTerminated: expected a boolean' });
  });
});

describe('session_updated', () => {
  const fact = {
    type: 'session_updated',
    ...BASE,
    session: 'web-1',
    activity: 'active',
    terminated: false,
    host: HOST,
  };
  const preview = keys.digest('3 http://127.0.0.1:9999/');
  const shown = { previewUrl: 'http://127.0.0.1:9999/', previewRevision: 3 };

  test.each([
    ['v1', STATE, ''],
    ['v10', STATE, ''],
    ['v17, no preview', { ...STATE, previewUrl: '' }, ''],
    ['v17', { ...STATE, previewUrl: 'http://127.0.0.1:9999/' }, keys.digest('0 http://127.0.0.1:9999/')],
    ['v19, no preview', { ...STATE, previewUrl: '', previewRevision: 0 }, ''],
    ['v19', { ...STATE, ...shown }, preview],
    ['v35', { ...STATE, terminateOnPrMerge: false, ...shown }, preview],
    ['v43', { ...STATE, terminateOnPrMerge: false, ...shown, isPinned: true }, preview],
    ['v78', { ...STATE, terminateOnPrMerge: true, ...shown, isPinned: false, mode: 'chat' }, preview],
    [
      'v78, a transition',
      { ...STATE, sessionId: 'web-1', interfaceTransitionId: 'x', interfaceTransitionPhase: 'p' },
      '',
    ],
  ])('%s', (_, payload, digest) => {
    expect(decode({ payload })).toEqual({ ...fact, preview: digest });
  });

  test('tells one preview from the next by its address and by its revision', () => {
    const digest = (payload: object) => decode({ payload: { ...STATE, ...payload } });
    expect(digest({ ...shown, previewRevision: 4 })).not.toEqual(digest(shown));
    expect(digest({ ...shown, previewUrl: 'http://127.0.0.1:9998/' })).not.toEqual(digest(shown));
    expect(JSON.stringify(digest(shown))).not.toContain('127.0.0.1');
  });

  test('of a chat repeats what is known, and says that the session is alive', () => {
    const payload = { id: 'web-1', sessionId: 'web-1', conversationId: 'c1', activity: 'active', isTerminated: false };
    expect(decode({ payload })).toEqual({ type: 'session_chatted', ...BASE, session: 'web-1' });
  });

  test('has every activity, ended or not', () => {
    for (const activity of ['active', 'idle', 'waiting_input', 'blocked', 'exited']) {
      expect(decode({ payload: { ...STATE, activity, isTerminated: true } })).toMatchObject({
        activity,
        terminated: true,
      });
    }
  });

  test('with an id alone is noise', () => {
    expect(decode({ payload: { id: 'web-1' } })).toBe(NOISE);
    expect(decode({ payload: { id: 'web-1' }, time: 'soon' })).toBe(NOISE);
    expect(decode({ payload: '{ "id" : "web-1" }' })).toBe(NOISE);
    expect(decode({ payload: { id: 'web-é"1' }, session: 'web-é"1' })).toBe(NOISE);
    expect(decode({ payload: { id: 'web-1' }, session: '' })).toBe(NOISE);
  });

  test('has the version of the host at its own time', () => {
    const upgraded = new ChangeDecoder({
      keys,
      leftOut: NOTHING_LEFT_OUT,
      hostVersion: (at) => (at < INSTANT.at ? 19 : 82),
    });
    const at = (time: string) => upgraded.decode(cell({ payload: STATE, time }));
    expect(at('2026-06-18 12:34:56.788999999 +0000 UTC')).toMatchObject({ host: 19 });
    expect(at(TIME)).toMatchObject({ host: 82 });
    expect(at('2026-06-18 12:34:56.788999999 +0000 UTC')).toMatchObject({ host: 19 });
  });

  test('is rejected where a field is not what it was', () => {
    const rejected = (payload: object) => decode({ payload: { ...STATE, ...payload } });
    expect(rejected({ id: 'web-2' })).toEqual({ rejected: 'payload.id: expected the session id' });
    expect(rejected({ activity: undefined })).toEqual({ rejected: 'payload.activity: expected an activity state' });
    expect(rejected({ isTerminated: 'false' })).toEqual({ rejected: 'payload.isTerminated: expected a boolean' });
    expect(rejected({ previewUrl: null })).toEqual({ rejected: 'payload.previewUrl: expected a string' });
    expect(rejected({ previewRevision: '1' })).toEqual({ rejected: 'payload.previewRevision: expected a number' });
  });

  test('of a session that the column does not name is that of the payload', () => {
    expect(decode({ payload: STATE, session: '' })).toEqual({ ...fact, preview: '' });
  });
});

describe('pr_created and pr_updated', () => {
  test.each(['pr_created', 'pr_updated'])('%s keeps the states and the text of the time', (type) => {
    expect(decode({ type, payload: PULL })).toEqual({
      ...{ type, ...BASE, url: URL, session: 'web-1', state: 'open', ci: 'pending', review: 'none', time: TIME },
    });
  });

  test('are rejected where a field is not what it was', () => {
    const rejected = (payload: object) => decode({ type: 'pr_updated', payload: { ...PULL, ...payload } });
    expect(rejected({ url: '' })).toEqual({ rejected: 'payload.url: expected a URL' });
    expect(rejected({ session: null })).toEqual({ rejected: 'payload.session: expected a session id' });
    expect(rejected({ state: 'new' })).toEqual({ rejected: 'payload.state: expected a PR state' });
    expect(rejected({ ci: 'red' })).toEqual({ rejected: 'payload.ci: expected a CI state' });
    expect(rejected({ review: true })).toEqual({ rejected: 'payload.review: expected a review decision' });
  });
});

describe('what else is said of a PR', () => {
  test('pr_session_changed', () => {
    const type = 'pr_session_changed';
    const payload = { url: URL, fromSession: 'web-1', toSession: 'web-2' };
    expect(decode({ type, payload })).toEqual({ type, ...BASE, url: URL, toSession: 'web-2' });
    expect(decode({ type, payload: { ...payload, toSession: 2 } })).toEqual({
      rejected: 'payload.toSession: expected a session id',
    });
    expect(decode({ type, payload: { toSession: 'web-2' } })).toEqual({ rejected: 'payload.url: expected a URL' });
  });

  test('pr_check_recorded, with a digest of the commit and nothing of the check', () => {
    const type = 'pr_check_recorded';
    const payload = { pr: URL, name: 'build <"&é', commit: 'abc123', status: 'failed' };
    expect(decode({ type, payload })).toEqual({ type, ...BASE, url: URL, commit: keys.digest('abc123') });
    expect(decode({ type, payload: { ...payload, commit: 3 } })).toEqual({
      rejected: 'payload.commit: expected a string',
    });
    expect(decode({ type, payload: { ...payload, pr: undefined } })).toEqual({
      rejected: 'payload.pr: expected a URL',
    });
  });

  test('pr_check_recorded of one commit after the other', () => {
    const one = decoder();
    const commits = ['a', 'a', 'b', 'a', ''].map((commit) =>
      one.decode(cell({ type: 'pr_check_recorded', payload: { pr: URL, commit } })),
    );
    expect(commits).toMatchObject(['a', 'a', 'b', 'a', ''].map((commit) => ({ commit: keys.digest(commit) })));
  });

  test('pr_review_thread_added and pr_review_thread_resolved', () => {
    const added = { type: 'pr_review_thread_added', payload: { ...THREAD, isBot: false } };
    expect(decode(added)).toEqual({ type: added.type, ...BASE, url: URL });
    expect(decode({ ...added, payload: {} })).toEqual({ rejected: 'payload.pr: expected a URL' });
    const type = 'pr_review_thread_resolved';
    expect(decode({ type, payload: THREAD })).toEqual({ type, ...BASE, url: URL, resolved: true });
    expect(decode({ type, payload: { ...THREAD, resolved: false } })).toMatchObject({ resolved: false });
    expect(decode({ type, payload: { ...THREAD, resolved: 0 } })).toEqual({
      rejected: 'payload.resolved: expected a boolean',
    });
    expect(decode({ type, payload: { resolved: true } })).toEqual({ rejected: 'payload.pr: expected a URL' });
  });
});

describe('a row that is no fact', () => {
  test('is of an unknown type', () => {
    expect(decode({ type: 'session_exploded', payload: STATE })).toBe(UNKNOWN);
    expect(decode({ type: 'constructor', payload: STATE })).toBe(UNKNOWN);
    expect(decode({ type: '', payload: '' })).toBe(UNKNOWN);
  });

  test('has no time', () => {
    const rejected = { rejected: 'created_at: expected a time' };
    expect(decode({ time: 'soon', payload: STATE })).toEqual(rejected);
    expect(decode({ time: '', payload: PULL, type: 'pr_created' })).toEqual(rejected);
    const one = decoder();
    one.decode(cell({ payload: STATE }));
    expect(one.decode(cell({ payload: STATE, time: 'soon' }))).toEqual(rejected);
  });

  test('has no project', () => {
    expect(decode({ project: '', payload: STATE })).toEqual({ rejected: 'project_id: expected an id' });
  });

  test.each([
    '',
    '[]',
    'null',
    '5',
    '"web-1"',
    '{"id":"web-1"',
    '{"id":"web-1","activity":"idle","isTerminated":false}}',
  ])('has a payload that is no object: %s', (payload) => {
    const rejected = { rejected: 'payload: expected a JSON object' };
    for (const type of ['session_updated', 'session_created', 'pr_updated', 'pr_check_recorded']) {
      expect(decode({ type, payload })).toEqual(rejected);
    }
  });

  test('has too few columns', () => {
    for (const row of ['', '7', `7\x1f${TIME}`, `7\x1f${TIME}\x1fsession_updated\x1fweb\x1fweb-1`]) {
      expect(decoder().decode(row)).toEqual({ rejected: 'row: expected six columns' });
    }
  });
});

test('the name of a zone is not kept with the time of a PR, and tells two texts apart all the same', () => {
  const timeOf = (zone: string) => {
    const decoded = decode({ type: 'pr_updated', payload: PULL, time: `2026-06-18 18:04:56 +0530 ${zone}` });
    return (decoded as { time: string }).time;
  };
  expect(timeOf('Hideout')).toMatch(/^[0-9a-f]{16}$/);
  expect(timeOf('Hideout')).toBe(timeOf('Hideout'));
  expect(timeOf('Hideout')).not.toBe(timeOf('IST'));
});

test('times of every form are read', () => {
  const sqlite = decode({ time: '2026-06-18 12:34:56', payload: STATE });
  expect(sqlite).toMatchObject({ at: Date.UTC(2026, 5, 18, 12, 34, 56), nanos: 0 });
  expect(decode({ time: '2026-06-18 18:04:56.789012345 +0530 IST m=+12.3', payload: STATE })).toMatchObject(INSTANT);
});

test.each(['v19', 'v82'] as const)('every row that a real daemon of %s wrote is a fact or noise', (version) => {
  const one = decoder();
  const changes = readRecorded(version).flatMap(([table, row]) => (table === 'change_log' ? [row] : []));
  expect(changes.length).toBeGreaterThan(100);
  for (const row of changes) {
    const { seq, created_at: time, event_type: type, project_id: project, session_id: session, payload } = row;
    const decoded = one.decode([seq, time, type, project, session, payload].join('\x1f'));
    if (decoded !== NOISE) expect(decoded).toMatchObject({ seq, type });
    expect(decoded === NOISE).toBe(String(payload) === `{"id":"${session}"}`);
  }
});

describe('rows that are left out', () => {
  const leftOut = { ...NOTHING_LEFT_OUT, sessions: [keys.session('web-1')], projects: [keys.project('api')] };
  const without = new ChangeDecoder({ keys, leftOut, hostVersion: () => HOST });
  const read = (fields: Parameters<typeof cell>[0]) => without.decode(cell(fields));

  test('are those of a session, named in the column or inside, however often they are read', () => {
    for (const session of ['web-1', '']) {
      const rows = [
        { type: 'session_updated', session, payload: STATE },
        { type: 'session_updated', session, payload: STATE },
        { type: 'pr_updated', session, payload: PULL },
      ];
      expect(rows.map(read)).toEqual(Array(3).fill(LEFT_OUT));
      expect(read({ type: 'session_created', session, payload: STATE })).toBe(LEFT_OUT_BIRTH);
    }
  });

  test('are those of its PRs, and those that do not fit', () => {
    expect(read({ type: 'pr_review_thread_added', payload: THREAD })).toBe(LEFT_OUT);
    expect(read({ type: 'pr_updated', payload: {} })).toBe(LEFT_OUT);
  });

  test('are those of a project', () => {
    const payload = { ...STATE, id: 'api-1' };
    expect(read({ type: 'session_updated', project: 'api', session: 'api-1', payload })).toBe(LEFT_OUT);
    expect(read({ type: 'session_created', project: 'api', session: 'api-1', payload })).toBe(LEFT_OUT_BIRTH);
  });

  test('are those up to a position, whatever they hold', () => {
    const later = new ChangeDecoder({ keys, leftOut: { ...NOTHING_LEFT_OUT, rowsUpTo: 8 }, hostVersion: () => HOST });
    const at = (seq: number, type: string) => later.decode(cell({ seq, type, payload: STATE }));
    expect([7, 8].map((seq) => at(seq, 'session_updated'))).toEqual([LEFT_OUT, LEFT_OUT]);
    expect(at(8, 'session_created')).toBe(LEFT_OUT_BIRTH);
    expect(at(9, 'session_updated')).toMatchObject({ seq: 9, session: 'web-1' });
    expect(at(8, 'session_updated')).toBe(LEFT_OUT);
  });

  test('are no others', () => {
    const payload = { ...STATE, id: 'web-2' };
    expect(read({ type: 'session_updated', session: 'web-2', payload })).toMatchObject({ session: 'web-2' });
  });
});
