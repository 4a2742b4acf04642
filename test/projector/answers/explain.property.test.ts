import { describe, expect, test } from '@jest/globals';
import type { Database } from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../../fixtures/daemon/time.ts';
import { Random } from '../../../fixtures/random.ts';
import { type EventAnswer, events } from '../../../projector/answers/events.ts';
import { explain } from '../../../projector/answers/explain/explain.ts';
import { ask } from '../../../projector/answers/funnel/ask.ts';
import { SHIPPED } from '../../../projector/answers/funnel/shipped.ts';
import { install } from '../../../triggers/install.ts';
import { askedOver } from './asked.ts';

const DAY_MS = 86_400_000;

interface Plan {
  readonly seed: number;
  readonly version: number;
  readonly triggers: boolean;
}

const PLANS: readonly Plan[] = [
  { seed: 11, version: 19, triggers: false },
  { seed: 12, version: 19, triggers: true },
  { seed: 13, version: 82, triggers: false },
  { seed: 14, version: 82, triggers: true },
];

/** Events that are told at the end of a span: later than their rows. */
const OF_SPANS = ['ao.session.stuck_waiting', 'ao.session.no_signal', 'ao.spawn.failed'];

describe.each(PLANS)('of a random history ($seed, version $version, triggers: $triggers)', (plan) => {
  const told = askedOver(write(plan), (source, paths) => {
    const all = [...events(source, { names: [], since: null, until: null, project: null })];
    const last = Math.max(...all.map(({ at }) => at));
    const filter = { since: null, until: null, project: null, by: null, now: last + 3 * DAY_MS };
    const steps = (['session', 'pr'] as const).flatMap((funnel) => {
      const question = { ...SHIPPED[funnel], since: null, until: null, by: null, now: filter.now };
      return ask(source, question).steps.map((step, index) => {
        const explained = explain(paths, source, filter, ['funnel', funnel, String(index + 1)]);
        if (explained.kind !== 'step') throw new Error(`Expected a step, got ${explained.kind}`);
        return { funnel, step, explained };
      });
    });
    const explained = all.map((event) => {
      const answer = explain(paths, source, filter, [placeOf(event)]);
      if (answer.kind !== 'event') throw new Error(`Expected an event, got ${answer.kind}`);
      return { event, answer };
    });
    const subjects = subjectsOf(source.derived).map(({ hash, isSpawned }) => {
      const answer = explain(paths, source, filter, [hash]);
      if (answer.kind !== 'subject') throw new Error(`Expected a subject, got ${answer.kind}`);
      return { isSpawned, answer };
    });
    return { steps, explained, subjects };
  });

  test('as many rows stand behind a step as the funnel says reached it', () => {
    for (const { step, explained } of told.steps) {
      expect([explained.answer.events, explained.rows.length]).toEqual([step.events, step.reached]);
      expect(explained.answer.reached).toBe(step.reached);
    }
    expect(told.steps.some(({ step }) => step.reached > 0)).toBe(true);
  });

  test('those that came to the step before either reached it or are told why not', () => {
    for (const { funnel, step, explained } of told.steps) {
      const { steps } = SHIPPED[funnel];
      const before = steps.findLastIndex((other, at) => at < explained.answer.step - 1 && !other.optional);
      if (before < 0) continue;
      const came = told.steps.filter((other) => other.funnel === funnel)[before]!.step.reached;
      const missed = explained.why_not.reduce((sum, { count }) => sum + count, 0);
      expect(step.reached + missed).toBe(came);
    }
  });

  test('each event is found by its row, which stands first and has its time', () => {
    for (const { event, answer } of told.explained) {
      const [row] = answer.rows;
      expect(answer.answer).toEqual(event);
      expect(row).toMatchObject({ stream: event.cause_stream, position: event.cause_position, unread: null });
      if (!OF_SPANS.includes(event.name)) expect([event.name, row!.at]).toEqual([event.name, event.at]);
    }
  });

  test('a session that does not count as spawned says why, and has no event of its own', () => {
    const not = told.subjects.filter(({ isSpawned }) => !isSpawned);
    expect(not.length > 0 || !plan.triggers).toBe(true);
    for (const { answer } of not) {
      expect(answer.answer.standing.state).toBe('not_entered');
      expect(answer.why_not.map(({ what }) => what)).toEqual(['ao.session.spawned']);
      expect(answer.answer.incarnations.at(-1)).toMatchObject({ spawned: false, end_cause: null });
      expect(answer.answer.events.filter((event) => event.subject_kind === 'session')).toEqual([]);
    }
  });

  test('a session in the funnel is told of each step, that it reached it or why not', () => {
    const inFunnel = told.subjects.filter(({ answer }) => answer.answer.standing.state !== 'not_entered');
    expect(inFunnel.length).toBeGreaterThan(0);
    for (const { answer } of inFunnel) {
      const not = answer.why_not.map(({ what }) => what).filter((what) => what !== 'end_cause');
      const steps = SHIPPED.session.steps.flatMap(({ events: names }) => names.map(({ name }) => name));
      expect([...answer.answer.standing.reached, ...not].sort()).toEqual([...steps].sort());
    }
  });

  test('the row before is of the same session, and stands before', () => {
    const seen = told.explained.flatMap(({ answer }) => {
      const before = answer.rows.find(({ role }) => role === "the session's row before");
      return before ? [[answer.rows[0]!, before] as const] : [];
    });
    expect(seen.length).toBeGreaterThan(0);
    for (const [row, before] of seen) {
      expect([before.stream, before.fields.session]).toEqual([row.stream, row.fields.session]);
      expect(before.position).toBeLessThan(row.position);
    }
  });

  test('the rule that holds for an end is that of its cause', () => {
    const ends = told.explained.filter(({ event }) => event.name === 'ao.session.killed');
    expect(ends.length).toBeGreaterThan(0);
    for (const { event, answer } of ends) {
      const held = answer.causes.find((cause) => cause.held === true);
      expect(held?.cause ?? 'unknown').toBe(event.dimensions.end_cause);
      expect(answer.rows.every(({ unread }) => unread === null)).toBe(true);
    }
  });
});

/** Every session id by its hash: whether its incarnation counts as spawned, and ids that were only ever rolled back. */
function subjectsOf(derived: Database): { readonly hash: string; readonly isSpawned: boolean }[] {
  const sessions = derived
    .prepare<[], { hash: string; withheld: number }>("SELECT hash, state ->> '$.withheld' AS withheld FROM session")
    .all();
  const rolledBack = derived
    .prepare<[], string>(
      "SELECT session FROM life WHERE state ->> '$.rolledBack' IS NOT NULL GROUP BY session HAVING count(*) = 1",
    )
    .pluck()
    .all()
    .filter((hash) => !sessions.some((session) => session.hash === hash));
  return [
    ...sessions.map(({ hash, withheld }) => ({ hash, isSpawned: withheld === 0 })),
    ...rolledBack.map((hash) => ({ hash, isSpawned: false })),
  ];
}

function placeOf({ name, cause_stream, cause_position }: EventAnswer): string {
  return `${name}@${cause_position}@${cause_stream}`;
}

function write({ seed, version, triggers }: Plan): (path: string) => void {
  return (path) => {
    const daemon = Daemon.create(path, { version, seed, runFile: `${path}.run` });
    const { host } = daemon;
    if (triggers) host.together(() => install(host.db, version, toMilliseconds(host.clock.now())));
    for (const _ of history(daemon, new Random(seed), { steps: 160 }));
    daemon.close();
  };
}
