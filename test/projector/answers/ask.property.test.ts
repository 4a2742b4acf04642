import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../../fixtures/daemon/time.ts';
import { Random } from '../../../fixtures/random.ts';
import { EVENTS } from '../../../projections/vocabulary.ts';
import { ask, reachedBy } from '../../../projector/answers/funnel/ask.ts';
import { DAY_MS, DEFAULTS, type FunnelQuestion, ORDERS } from '../../../projector/answers/funnel/question.ts';
import { Source } from '../../../projector/answers/source.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { openStore } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

const OF_SESSIONS = Object.values(EVENTS).filter(
  ({ subjectKind }) => subjectKind === 'session' || subjectKind === 'pr',
);
const OF_PULLS = OF_SESSIONS.filter(({ subjectKind }) => subjectKind === 'pr');

/** What a daemon wrote, derived; `use` is told the time at which it stopped. */
function withHistory(seed: number, version: number, use: (source: Source, now: number) => void): void {
  withFolder((folder) => {
    const daemon = Daemon.create(join(folder, 'ao.db'), { version, seed, runFile: placesIn(folder).AO_RUN_FILE });
    for (const _ of history(daemon, new Random(seed), { steps: 500 }));
    const now = toMilliseconds(daemon.host.clock.now());
    daemon.close();
    const store = openStore(folder, () => now);
    for (const _ of rebuild(store));
    store.close();
    const source = Source.open(pathsOf(placesIn(folder)), { metrics: true, events: true, remote: [] });
    try {
      use(source, now);
    } finally {
      source.close();
    }
  });
}

const asked = (now: number) =>
  fc.constantFrom('install', 'project', 'session', 'pr').chain((subject) => {
    const definitions = subject === 'pr' ? OF_PULLS : OF_SESSIONS;
    const step = fc.record({
      events: fc.uniqueArray(fc.constantFrom(...definitions), { minLength: 1, maxLength: 4 }),
      where: fc.constantFrom({}, {}, { harness: ['codex', 'claude-code'] }),
      optional: fc.boolean(),
      gapMs: fc.constantFrom(null, null, DAY_MS),
    });
    return fc.record<FunnelQuestion>({
      ...{ name: fc.constant(null), subject: fc.constant(subject), now: fc.constant(now) },
      steps: fc
        .array(step, { minLength: 2, maxLength: 5 })
        .map((steps) => steps.map((each, index) => ({ ...each, optional: index > 1 && each.optional }))),
      order: fc.constantFrom(...ORDERS),
      entry: fc.constantFrom('first', 'every'),
      windowMs: fc.constantFrom(3_600_000, DAY_MS, 30 * DAY_MS),
      exclude: fc.constantFrom([], [], [{ events: [EVENTS.killed], after: 0, before: 1 }]),
      since: fc.constantFrom(null, null, now - 5 * DAY_MS),
      until: fc.constantFrom(null, null, now - DAY_MS),
      by: fc.constantFrom('harness', 'name', 'project'),
      attribute: fc.constantFrom('first', 'last'),
      top: fc.constantFrom(1, 2, DEFAULTS.top),
      interval: fc.constantFrom('day', 'week', 'month'),
    });
  });

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

test.each([
  [11, 19],
  [12, 35],
  [13, 82],
])(
  'every count is the length of its list, and the parts of an answer add up: history %d of a daemon of version %d',
  (seed, version) => {
    withHistory(seed, version, (source, now) => {
      let listed = 0;
      fc.assert(
        fc.property(asked(now), (question) => {
          const told = ask(source, question);
          const counts = told.steps.map(({ reached }) => reached);
          const lists = counts.map((_, index) => [...reachedBy(source, question, index)]);
          expect(lists.map(({ length }) => length)).toEqual(counts);
          for (const [index, list] of lists.entries()) {
            listed += list.length;
            for (const { steps } of list) expect(steps[index]!.event_id).toMatch(/^[0-9a-f]{32}$/);
          }
          expect(counts[0]).toBe(told.attempts);
          expect(told.converted + told.open + told.dropped).toBe(told.attempts);
          for (const [index, count] of counts.entries()) {
            expect(sum(told.breakdown.map(({ steps }) => steps[index]!.reached))).toBe(count);
            expect(sum(told.trend.map(({ reached }) => reached[index]!))).toBe(count);
          }
          expect(told.breakdown.length).toBeLessThanOrEqual(question.top + 1);
        }),
        { numRuns: 40, seed: 8_001 },
      );
      expect(listed).toBeGreaterThan(300);
    });
  },
);
