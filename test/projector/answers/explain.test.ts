import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadRecorded } from '../../../fixtures/recorded.ts';
import { EVENTS } from '../../../projections/vocabulary.ts';
import { events } from '../../../projector/answers/events.ts';
import { type Explained, explain } from '../../../projector/answers/explain/explain.ts';
import { ruleOf } from '../../../projector/answers/explain/rules.ts';
import type { Filter } from '../../../projector/answers/filter.ts';
import { packagePath } from '../../../projector/store/paths.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { asked, askedOver, everything } from './asked.ts';

const PR = 'https://github.com/o/r/pull/7';
const ALL = everything(1_000);
const EVERY_EVENT = { names: [], since: null, until: null, project: null };

type Write = (host: TinyHost) => TinyHost;
type Kind = Explained['kind'];
type Of<K extends Kind> = Extract<Explained, { kind: K }>;

function explained<K extends Kind>(write: Write, kind: K, what: string, more: Partial<Filter> = {}): Of<K> {
  const answer = asked(write, (source, paths) => explain(paths, source, { ...ALL, ...more }, what.split(' ')));
  expect(answer.kind).toBe(kind);
  return answer as Of<K>;
}

/** `change_log 4: what it is to the rule`. */
const rowsOf = ({ rows }: Explained) => rows.map(({ stream, position, role }) => `${stream} ${position}: ${role}`);
const whyNot = ({ why_not }: Explained) => Object.fromEntries(why_not.map(({ what, why }) => [what, why]));

describe('every event', () => {
  const docs = readFileSync(packagePath('docs', 'events.md'), 'utf8');

  test.each(Object.values(EVENTS))('$name has a rule, and stands in docs/events.md', (definition) => {
    expect(ruleOf(definition)).toMatch(/^[A-Z`].*\.$/);
    expect(docs).toContain(`\`${definition.name}\``);
  });
});

describe('the cause of an end that really happened', () => {
  /** Why each end of the recorded history of v19 was told, by its row. */
  const recorded = askedOver(
    (path) => loadRecorded('v19', path).close(),
    (source, paths) => {
      const killed = [...events(source, { ...EVERY_EVENT, names: [EVENTS.killed] })];
      return new Map(
        killed.map(({ cause_position }) => [
          cause_position,
          explain(paths, source, ALL, [`ao.session.killed@${cause_position}`]) as Of<'event'>,
        ]),
      );
    },
  );
  const of = (seq: number) => recorded.get(seq)!;
  const held = (seq: number) => of(seq).causes.flatMap(({ cause, held: isSo }) => (isSo ? [cause] : []));
  const kinds = (seq: number) => of(seq).rows.map(({ kind }) => kind);

  test('is the one whose rule is said to hold, and the only one', () => {
    for (const { answer, causes } of recorded.values()) {
      const told = causes.filter(({ held: isSo }) => isSo === true).map(({ cause }) => cause);
      expect(told.length > 0 ? told : ['unknown']).toEqual([answer.dimensions.end_cause]);
    }
  });

  test('a recorded daemon stop: the start after it, and the restore', () => {
    expect(held(36)).toEqual(['daemon_stop']);
    expect(rowsOf(of(36))).toEqual([
      'change_log 36: the row that made it',
      "change_log 32: the session's row before",
      expect.stringMatching(/^telemetry \d+: the daemon start after the stop$/),
      'change_log 39: its restore',
    ]);
    expect(kinds(36)).toContain('ao.daemon.started');
  });

  test('a stop whose start was not recorded: the whole run, and how it came back', () => {
    expect(held(79)).toEqual(['daemon_stop']);
    const positions = of(79).rows.map(({ position }) => position);
    expect(positions.filter((seq) => seq >= 76).sort((a, b) => a - b)).toEqual([
      ...[76, 77, 78, 79, 80, 81],
      ...[82, 83, 84, 85, 87, 88],
    ]);
    expect(of(79).rows.every(({ stream }) => stream === 'change_log')).toBe(true);
  });

  test('found dead: the start, and the restore', () => {
    expect(held(49)).toEqual(['found_dead_at_start']);
    expect(kinds(49)).toEqual(['session_updated', 'session_updated', 'ao.daemon.started', 'session_updated']);
  });

  test('the agent’s own exit: the hook command', () => {
    expect(held(42)).toEqual(['agent_exit']);
    expect(of(42).rows.find(({ stream }) => stream === 'telemetry')).toMatchObject({
      kind: 'ao.cli.invoked',
      fields: { command: 'ao hooks' },
    });
  });

  test('causes after the one that held were not tried', () => {
    expect(of(49).causes.map(({ held: isSo }) => isSo)).toEqual([false, true, null, null, null, null]);
  });

  // The user ended gamma-7 (41), gamma-8 left by itself (42), and the stop then ended gamma-6 (43): no stop goes from 8 to 6.
  test('unknown, where a user killed it and a later start revived it: what broke the run', () => {
    expect(of(41).causes.every(({ held: isSo }) => isSo === false)).toBe(true);
    const stop = of(41).why_not.find(({ what }) => what === 'daemon_stop');
    expect(stop).toMatchObject({
      why: 'Between it and the start stands a session row that belongs to no run with it.',
      near: { stream: 'change_log', position: 43 },
    });
  });

  test('unknown, where no start has followed', () => {
    expect(whyNot(of(122))).toMatchObject({
      found_dead_at_start: 'It was not restored: no daemon start has brought it back.',
      runtime_gone: 'No triggers saw the session from its creation on.',
      agent_exit: 'No `ao hooks` command is recorded within the 5 ms before.',
    });
  });

  test('unknown on newer hosts, whose stop ends nothing', () => {
    const stop = (host: TinyHost) => host.created('web-1', at('0')).ended('web-1', at('10')).idle('web-1', at('13'));
    const [answer] = [20, 19].map((version) =>
      asked(stop, (source, paths) => explain(paths, source, ALL, ['ao.session.killed@2']), version),
    );
    expect(whyNot(answer!)).toMatchObject({
      daemon_stop: 'The host was not known to be below v20, and on newer ones a stop ends nothing.',
    });
  });

  test('a merge: the row that says it', () => {
    const merged = (host: TinyHost) =>
      host
        .created('web-1', at('0'))
        .found(PR, 'web-1', at('10'))
        .pull(PR, 'web-1', at('20'), { state: 'merged' })
        .ended('web-1', at('20'));
    const answer = explained(merged, 'event', 'ao.session.killed@4');
    expect(answer.causes[0]).toMatchObject({ cause: 'merged', held: true });
    expect(rowsOf(answer)).toContain('change_log 3: the merge of its PR');
    expect(answer.why_not).toEqual([]);
  });
});

describe('the rows of an event', () => {
  const walked = (host: TinyHost) =>
    host
      .created('web-1', at('0'))
      .created('web-2', at('1'))
      .updated('web-1', 'waiting_input', false, at('10'))
      .found(PR, 'web-1', at('20'))
      .pull(PR, 'web-1', at('30'), { ci: 'failing', review: 'changes_requested' })
      .check(PR, 'web-1', 'abc', at('40'))
      .updated('web-1', 'active', false, at('50'))
      .updated('web-2', 'active', false, at('55'))
      .claimed(PR, 'web-1', 'web-2', at('60'));

  test.each([
    ['ao.session.spawned@1', []],
    ['ao.session.first_signal@3', ["change_log 1: the session's row before"]],
    ['ao.session.waiting_input_exited@7', ['change_log 3: the row that began the wait']],
    ['ao.pr.ci_failed@5', ['change_log 4: the observation of the PR before']],
    ['ao.pr.revised@6', ['change_log 5: the row that requested changes']],
    ['ao.pr.observed@9', ['change_log 4: the row that gave it to the owner before']],
  ])('%s: the one that made it, and those that its rule looked at', (what, beside) => {
    expect(rowsOf(explained(walked, 'event', what)).slice(1)).toEqual(beside);
  });

  test('hold what was decoded, with ids hashed', () => {
    const { rows } = explained(walked, 'event', 'ao.pr.ci_failed@5');
    expect(rows[0]).toEqual({
      stream: 'change_log',
      position: 5,
      at: ms(30),
      kind: 'pr_updated',
      fields: {
        pr: expect.stringMatching(/^[0-9a-f]{32}$/),
        session: expect.stringMatching(/^[0-9a-f]{32}$/),
        project: expect.stringMatching(/^[0-9a-f]{12}$/),
        ...{ state: 'open', ci: 'failing', review: 'changes_requested' },
      },
      role: 'the row that made it',
      unread: null,
    });
  });

  test('of one observation are one: the row before is of another time', () => {
    const polled = (host: TinyHost) =>
      host
        .created('web-1', at('0'))
        .found(PR, 'web-1', at('20'))
        .pull(PR, 'web-1', at('30'), { ci: 'pending' })
        .pull(PR, 'web-1', at('30'), { ci: 'passing' });
    expect(rowsOf(explained(polled, 'event', 'ao.pr.ci_passed@4'))[1]).toBe(
      'change_log 2: the observation of the PR before',
    );
  });

  test('have no fields where the daemon’s database is gone, or is another one', () => {
    const unread = (spoil: (path: string) => void) =>
      asked(walked, (source, paths) => {
        spoil(paths.host);
        return explain(paths, source, ALL, ['ao.pr.ci_failed@5']).rows;
      });
    const empty = { stream: 'change_log', position: 5, at: null, kind: null, fields: {} };
    const gone = unread((path) => rmSync(path));
    expect(gone).toMatchObject([{ ...empty, unread: "the daemon's database cannot be read" }]);
    const other = unread((path) => {
      rmSync(path);
      loadRecorded('v19', path).close();
    });
    expect(other).toMatchObject([{ ...empty, unread: "the daemon's database is another one by now" }]);
  });

  test('are of the journal where telemetry made it', () => {
    const failed = (host: TinyHost) =>
      [10, 20, 30].reduce(
        (written, second) => written.telemetry('ao.cli.usage_errors', at(String(second)), USAGE_ERROR),
        host,
      );
    asked(failed, (source, paths) => {
      const [repeated] = [...events(source, { ...EVERY_EVENT, names: [EVENTS.repeatedExit2] })];
      const answer = explain(paths, source, ALL, [repeated!.id]);
      expect(answer.rows.map(({ kind, at: when }) => [kind, when])).toEqual([
        ['ao.cli.usage_errors', ms(30)],
        ['ao.cli.usage_errors', ms(20)],
        ['ao.cli.usage_errors', ms(10)],
      ]);
    });
  });
});

const USAGE_ERROR = {
  ...{ command_path: 'ao spawn', component: 'cli', operation: 'command_parse', error_kind: 'usage' },
};

describe('a session has come no further', () => {
  const standing = (write: Write, what = 'web-1', more: Partial<Filter> = {}) =>
    explained(write, 'subject', what, more);

  test('because its kind is not known to be worker', () => {
    const answer = standing((host) => host.created('web-1', at('0')));
    expect(answer.answer.standing).toEqual({ funnel: 'session', state: 'not_entered', reached: [], until: null });
    expect(whyNot(answer)['ao.session.spawned']).toContain('session_kind = worker');
  });

  test('because its spawn failed late', () => {
    const failed = (host: TinyHost) =>
      host
        .created('web-1', at('10'))
        .ended('web-1', at('11'))
        .telemetry('ao.session.spawn_failed', at('11.5'), SPAWN_FAILED, 'web');
    const answer = standing(failed);
    expect(whyNot(answer)['ao.session.spawned']).toMatch(/^A late failure/);
    expect(answer.why_not[0]!.near).toMatchObject({ stream: 'telemetry', kind: 'ao.session.spawn_failed' });
  });

  test('because no PR was found for it', () => {
    const answer = askedOver(
      (path) => loadRecorded('v19', path).close(),
      (source, paths) => explain(paths, source, ALL, ['gamma-6']) as Of<'subject'>,
    );
    expect(answer.answer.standing).toMatchObject({
      ...{ funnel: 'session', state: 'open' },
      reached: ['ao.session.spawned', 'ao.session.first_signal'],
    });
    expect(whyNot(answer)).toMatchObject({
      'ao.pr.observed': 'Looked for a PR that was found for it or that it claimed. There is none.',
      'ao.pr.merged': 'It has not reached ao.pr.observed, which comes before.',
    });
    expect(answer.why_not[0]!.near).toMatchObject({ position: 122, role: 'its last end' });
  });

  test('and each of its events stands with its rule', () => {
    const { answer } = standing((host) => host.created('web-1', at('0')).ended('web-1', at('50')));
    const killed = answer.events.find(({ name }) => name === 'ao.session.killed');
    expect(killed).toMatchObject({ cause_position: 2, rule: ruleOf(EVENTS.killed) });
  });

  test('and what was missing to tell why it ended', () => {
    const answer = standing((host) => host.created('web-1', at('0')).ended('web-1', at('50')));
    expect(whyNot(answer).end_cause).toContain('No `ao hooks` command is recorded');
    expect(answer.why_not.at(-1)!.near).toMatchObject({ position: 2 });
  });
});

const SPAWN_FAILED = {
  ...{ component: 'session_service', operation: 'spawn_session', kind: 'worker', harness: 'codex' },
  ...{ duration_ms: 5_000, error_kind: 'internal' },
};

describe('a PR has come no further', () => {
  const DAY = 86_400;
  const open = (host: TinyHost) =>
    host.created('web-1', at('0')).found(PR, 'web-1', at('10')).pull(PR, 'web-1', at('20'), { ci: 'failing' });

  test('because its last observation says so, and it still has time', () => {
    const answer = explained(open, 'subject', PR);
    expect(answer.answer.standing).toEqual({
      ...{ funnel: 'pr', state: 'open', reached: ['ao.pr.observed'] },
      until: ms(10 + 30 * DAY),
    });
    expect(whyNot(answer)).toEqual({
      'ao.pr.ci_passed': 'Looked for its CI becoming `passing`. It is `failing`.',
      'ao.pr.approved': 'Looked for the review decision `approved`. It is `none`.',
      'ao.pr.merged': "Looked for the PR's state becoming `merged`. It is `open`.",
    });
    expect(answer.why_not.map(({ near }) => near?.position)).toEqual([3, 3, 3]);
  });

  test('because its time was over', () => {
    const late = (host: TinyHost) => open(host).pull(PR, 'web-1', at(String(31 * DAY)), { state: 'merged' });
    const answer = explained(late, 'subject', PR, { now: ms(40 * DAY) });
    expect(answer.answer.standing.state).toBe('dropped');
    expect(whyNot(answer)['ao.pr.merged']).toBe('It came when the 30 days since the entry were over.');
  });

  test('because an optional step counts on the way only', () => {
    const after = (host: TinyHost) =>
      open(host)
        .pull(PR, 'web-1', at('30'), { state: 'merged' })
        .pull(PR, 'web-1', at('40'), { state: 'merged', ci: 'passing' });
    expect(whyNot(explained(after, 'subject', PR))['ao.pr.ci_passed']).toContain('it counts on the way only');
  });

  test('because nobody found it: it was claimed', () => {
    const claimed = (host: TinyHost) =>
      host.created('web-1', at('0')).pull(PR, 'web-1', at('10')).claimed(PR, 'web-9', 'web-1', at('20'));
    expect(whyNot(explained(claimed, 'subject', PR))['ao.pr.observed']).toBe(
      'The step asks for how = found, and it has claimed.',
    );
  });
});

describe('a step of a funnel', () => {
  const three = (host: TinyHost) =>
    host
      .created('web-1', at('0'))
      .found(`${PR}0`, 'web-1', at('10'))
      .found(`${PR}1`, 'web-1', at('20'), { ci: 'failing' })
      .found(`${PR}2`, 'web-1', at('30'))
      .pull(`${PR}0`, 'web-1', at('40'), { ci: 'passing' })
      .pull(`${PR}2`, 'web-1', at('50'), { state: 'merged' });

  test('has a row for each that reached it, by number or by name', () => {
    for (const step of ['2', 'pr.ci_passed', 'ao.pr.ci_passed']) {
      const answer = explained(three, 'step', `funnel pr ${step}`);
      expect(answer.answer).toMatchObject({ funnel: 'pr', step: 2, events: ['ao.pr.ci_passed'], reached: 1 });
      expect(rowsOf(answer)).toEqual([`change_log 5: reached by ${PR}0`]);
    }
  });

  test('says what became of the others, and what stands beside them', () => {
    expect(explained(three, 'step', 'funnel pr 2').why_not).toMatchObject([
      { what: 'open', count: 1, beside: [{ value: 'ao.pr.ci_failed', count: 1 }] },
      { what: 'passed_by', count: 1, beside: [] },
    ]);
    const later = explained(three, 'step', 'funnel pr pr.merged', { now: ms(40 * 86_400) }) as unknown;
    expect(later).toMatchObject({ why_not: [{ what: 'dropped', count: 2 }] });
  });
});

describe('a milestone of the install', () => {
  const found = (host: TinyHost) => host.created('web-1', at('0')).found(PR, 'web-1', at('10'));

  test('has the row that reached it, or none', () => {
    const reached = explained(found, 'step', 'funnel onboarding onboarding.first_pr_observed');
    expect(rowsOf(reached)).toEqual(['change_log 2: reached by this install']);
    expect(reached.answer.reached).toBe(1);
    const missed = explained(found, 'step', 'funnel onboarding 7');
    expect(missed).toMatchObject({
      answer: { events: ['ao.onboarding.first_merge'], reached: 0 },
      rows: [],
      why_not: [{ what: 'open', count: 1 }],
    });
  });
});

describe('what cannot be explained is an error that says what could', () => {
  const thrown = (what: string) => {
    try {
      explained((host) => host.created('web-1', at('0')), 'event', what);
    } catch (error) {
      const { code, exitCode, expected, found, remedy } = error as Record<string, unknown>;
      expect([expected, found, remedy].every((text) => typeof text === 'string' && text !== '')).toBe(true);
      return [code, exitCode];
    }
    return null;
  };

  test.each([
    ['nonsense', 'explain_unknown', 1],
    ['0123456789abcdef', 'explain_unknown', 1],
    ['ao.session.killed@1', 'event_not_there', 1],
    ['ao.session.exploded@1', 'event_unknown', 2],
    ['funnel session', 'explain_malformed', 2],
    ['web-1 web-2', 'explain_malformed', 2],
    ['funnel nonsense 1', 'funnel_unknown', 2],
    ['funnel session 7', 'step_unknown', 2],
    ['funnel session nonsense', 'step_unknown', 2],
    ['funnel onboarding 8', 'step_unknown', 2],
  ])('%s: %s, exit code %d', (what, code, exitCode) => {
    expect(thrown(what)).toEqual([code, exitCode]);
  });
});

describe('where no raw ids are kept', () => {
  /** Every explanation there is of a database: of all events, of a session, of a PR, of each step. */
  const everyExplanation = (make: (path: string) => void, subjects: readonly string[]) =>
    askedOver(
      make,
      (source, paths) => {
        const ids = [...events(source, EVERY_EVENT)].map(({ id }) => [id]);
        const steps = [1, 2, 3, 4].flatMap((step) => ['session', 'pr'].map((name) => ['funnel', name, String(step)]));
        const all = [...ids, ...subjects.map((name) => [name]), ...steps];
        expect(all.length).toBeGreaterThan(20);
        return all.map((what) => JSON.stringify(explain(paths, source, ALL, what))).join('\n');
      },
      false,
    );

  test('no explanation of a recorded history holds one', () => {
    const text = everyExplanation((path) => loadRecorded('v19', path).close(), ['gamma-6', 'gamma-2']);
    expect(text).not.toMatch(/gamma|github|\.example|\/home/);
  });

  test('nor anything else that the daemon wrote beside what is decoded', () => {
    const secrets = (path: string) => {
      const tiny = (host: TinyHost) =>
        host
          .created('secretid-1', at('0'))
          .updated('secretid-1', 'active', false, at('10'), { previewUrl: 'http://secret', title: 'secret' })
          .line({ type: 'secret_type', project: 'secretid', session: 'secretid-1', payload: '{}', at: at('11') })
          .found('https://secret/pull/1', 'secretid-1', at('20'), { title: 'secret' })
          .check('https://secret/pull/1', 'secretid-1', 'secret', at('30'))
          .pull('https://secret/pull/1', 'secretid-1', at('40'), { ci: 'passing', review: 'approved' })
          .thread('https://secret/pull/1', 'secretid-1', true, at('50'))
          .pull('https://secret/pull/1', 'secretid-1', at('55'), { state: 'merged' })
          .ended('secretid-1', at('60'))
          .telemetry('ao.cli.usage_errors', at('70'), {
            ...USAGE_ERROR,
            command_path: 'ao spawn secret',
            note: 'secret',
          })
          .telemetry('ao.session.spawn_failed', at('80'), { ...SPAWN_FAILED, fingerprint: 'secret' }, 'secretid');
      tiny(new TinyHost(path)).close();
    };
    expect(everyExplanation(secrets, ['secretid-1', 'https://secret/pull/1'])).not.toMatch(/secret/i);
  });
});
