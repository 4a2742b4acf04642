import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { SinkName } from '../../projector/exports/sinks.ts';
import type { Backend } from './backend.ts';
import { expectEqualSums } from './equal-sums.ts';
import { type ExportedInstall, HOUR_MS } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf } from './sums.ts';
import { withInstall, withTemporality } from './with-install.ts';

jest.setTimeout(120_000);

const RUNS = 15;

interface Act {
  readonly what: string;
  readonly perform: (install: ExportedInstall, backend: Backend) => unknown;
}

const act = (what: string, perform: Act['perform']): Act => ({ what, perform });
const sink = fc.constantFrom<SinkName>('metrics', 'logs', 'posthog');

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    arbitrary: fc.integer({ min: 1, max: 30 }).map((steps) => act(`${steps} steps`, (install) => install.write(steps))),
    weight: 4,
  },
  { arbitrary: fc.constant(act('settle', (install) => install.settle())), weight: 4 },
  { arbitrary: sink.map((name) => act(`send ${name}`, (install) => install.send(name))), weight: 4 },
  { arbitrary: sink.map((name) => act(`send ${name} and die`, (install) => install.sendAndLose(name))), weight: 2 },
  {
    arbitrary: fc.constantFrom(200, 503).map((status) =>
      act(`answer ${status}`, (_, { receiver }) => {
        receiver.answer = () => ({ status });
      }),
    ),
    weight: 2,
  },
  { arbitrary: fc.constant(act('restart', (install) => install.restart())), weight: 1 },
  { arbitrary: fc.constant(act('rebuild', (install) => install.rebuild())), weight: 1 },
  {
    arbitrary: fc
      .integer({ min: 1, max: 40 })
      .map((hours) => act(`${hours} h`, (install) => install.later(hours * HOUR_MS))),
    weight: 1,
  },
);

const plans = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.constantFrom(19, 40, 82),
  triggers: fc.boolean(),
  even: fc.boolean(),
  temporality: fc.constantFrom('cumulative', 'delta'),
  acts: fc.array(anyAct, { minLength: 8, maxLength: 24 }),
});

test('whatever happens, each event is received with one content, and all sums come to what is derived', async () => {
  let exact = 0;
  await fc.assert(
    fc.asyncProperty(plans, ({ temporality, acts, ...options }) =>
      withTemporality(temporality, () =>
        withInstall({ ...options, stepsBefore: 20 }, async (install, backend) => {
          const consent = install.moment();
          for (const { perform } of acts) await perform(install, backend);
          backend.receiver.answer = () => ({});
          await install.finish();
          if (install.revisions() === 0) {
            exact += 1;
            expectEqualSums(install, backend, consent);
          }
          // What was told anew after it was sent is told alike by all of them.
          const { names } = receivedSums(backend.accepted('/v1/metrics'));
          expect(counts(eventsOf(backend.accepted('/v1/logs')))).toEqual(names);
          expect(counts(eventsOf(backend.accepted('/batch/')))).toEqual(names);
        }),
      ),
    ),
    // To shrink a plan takes minutes.
    { numRuns: RUNS, seed: 20260622, endOnFailure: true },
  );
  expect(exact).toBeGreaterThan(RUNS / 2);
});
