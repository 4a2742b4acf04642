import { test } from '@jest/globals';
import fc from 'fast-check';
import { OBSERVED, TRIGGERED } from '../../projections/facts.ts';
import { given, type Row } from '../support/spec.ts';
import { failedInside, panicked, serverError, usageError } from './failures/rows.ts';
import {
  chatted,
  check,
  claimed,
  created,
  ended,
  fact,
  found,
  hook,
  idle,
  projectCreated,
  pull,
  resolved,
  seen,
  session,
  spawnFailed,
  started,
  thread,
  vanished,
} from './rows.ts';

const SESSIONS = ['web-1', 'web-2', 'api-1'] as const;
const PULLS = ['pr/1', 'pr/2'] as const;
/** Steps of the clock, at and around the limits of the rules; now and then it goes back. */
const STEPS_MS = [0, 1, 5, 6, 100, 1_000, 1_001, 5_000, 5_001, 10_000, 10_001, 600_000, 600_001, 1_800_001, -3_000];

const what = fc.constantFrom(
  ...(['created', 'session', 'ended', 'ended', 'idle', 'idle', 'chatted', 'vanished'] as const),
  ...(['found', 'pull', 'pull', 'claimed', 'check', 'thread', 'resolved'] as const),
  ...(['started', 'started', 'hook', 'spawnFailed', 'projectCreated'] as const),
  ...(['seen', 'launched', 'endSeen', 'triggersLost'] as const),
  ...(['failedInside', 'serverError', 'panicked', 'usageError'] as const),
);
const step = fc.record({
  what,
  id: fc.constantFrom(...SESSIONS),
  url: fc.constantFrom(...PULLS),
  activity: fc.constantFrom('active', 'idle', 'waiting_input', 'blocked', 'exited'),
  state: fc.constantFrom('open', 'draft', 'merged', 'closed'),
  ci: fc.constantFrom('unknown', 'passing', 'failing'),
  review: fc.constantFrom('none', 'approved', 'changes_requested'),
  commit: fc.constantFrom('c1', 'c2', 'c3'),
  host: fc.constantFrom(19, 19, 24),
  after: fc.constantFrom(...STEPS_MS),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A story as daemons tell them: an incarnation vanishes only while it is the only one and has neither ended nor owned a PR. */
function tell(steps: readonly Step[]): Row[] {
  const pending = new Map<string, number>();
  const lives = new Set<string>();
  const births = new Map<string, string>();
  let at = Date.UTC(2026, 5, 18, 12);
  return steps.flatMap((one, index) => {
    at += one.after;
    const seq = index + 1;
    const { id } = one;
    const time = new Date(at).toISOString().slice(0, -1).replace('T', ' ');
    const born = pending.get(id);
    if (one.what === 'vanished') {
      if (born === undefined) return [];
      pending.delete(id);
      lives.delete(id);
      return [vanished(born)];
    }
    if (MAKES_FIRM.has(one.what)) pending.delete(id);
    if (one.what === 'created') {
      if (lives.has(id)) pending.delete(id);
      else pending.set(id, seq);
      lives.add(id);
      births.set(id, time);
    }
    return [ROWS[one.what](one, seq, time, births.get(id) ?? time)];
  });
}

const MAKES_FIRM: ReadonlySet<string> = new Set(['ended', 'found', 'pull', 'claimed']);

type Write = (step: Step, seq: number, time: string, born: string) => Row;

const ROWS: Readonly<Record<Exclude<Step['what'], 'vanished'>, Write>> = {
  created: ({ id }, seq, time) => created(seq, id, time),
  session: ({ id, activity, host }, seq, time) => session(seq, id, activity, time, { host }),
  ended: ({ id, host }, seq, time) => ended(seq, id, time, { host }),
  idle: ({ id, host }, seq, time) => idle(seq, id, time, { host }),
  chatted: ({ id }, seq, time) => chatted(seq, id, time),
  found: ({ id, url, state, ci, review }, seq, time) => found(seq, url, id, { state, ci, review }, time),
  pull: ({ id, url, state, ci, review }, seq, time) => pull(seq, url, id, { state, ci, review }, time),
  claimed: ({ id, url }, seq, time) => claimed(seq, url, id, time),
  check: ({ url, commit }, seq, time) => check(seq, url, commit, time),
  thread: ({ url }, seq, time) => thread(seq, url, time),
  resolved: ({ url }, seq, time) => resolved(seq, url, true, time),
  started: (_, __, time) => started(time),
  hook: (_, __, time) => hook(time),
  spawnFailed: (_, __, time) => spawnFailed('web', time, 1_000),
  projectCreated: (_, __, time) => projectCreated('api', time),
  seen: ({ id }, _, time, born) => seen(TRIGGERED.sessionCreated, id, born, time, { launched: false }),
  launched: ({ id }, _, time, born) => seen(TRIGGERED.sessionLaunched, id, born, time),
  endSeen: ({ id, url }, _, time, born) =>
    seen(TRIGGERED.sessionEnded, id, born, time, { runtime_gone: url === PULLS[0] }),
  triggersLost: (_, __, time) => fact(OBSERVED.triggersLost, time),
  failedInside: (_, __, time) => failedInside(time),
  serverError: ({ commit }, _, time) => serverError(time, { request: commit }),
  panicked: ({ commit }, _, time) => panicked(time, commit),
  usageError: ({ id }, _, time) => usageError(`ao ${id}`, time),
};

test('any story is told alike in every way', () => {
  const stories = fc.array(step, { minLength: 5, maxLength: 40 }).map(tell);
  fc.assert(
    fc.property(stories, (rows) => {
      given(...rows).events();
    }),
    { numRuns: 100, seed: 20260621 },
  );
});
