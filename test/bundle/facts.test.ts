import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EventAnswer, events } from '../../projector/answers/events.ts';
import type { Source } from '../../projector/answers/source.ts';
import { type Collected, collect } from '../../projector/bundle/collect.ts';
import { askProjected, projectFacts } from '../../projector/bundle/project.ts';
import { factLines, readFacts } from '../../projector/bundle/read-facts.ts';
import { withFolder } from '../support/temporary.ts';
import { derivedHistory, type HistoryPlan, over } from './history.ts';

const plans: fc.Arbitrary<HistoryPlan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.constantFrom(19, 40, 82),
  steps: fc.integer({ min: 20, max: 220 }),
  triggers: fc.boolean(),
});

const HOUR_MS = 3_600_000;

const all = (source: Source) => [...events(source, { since: null, until: null, project: null, names: [] })];

/** What an event says but for the ids in it. */
const withoutIds = ({ name, at, cause_stream, cause_position, dimensions, measures }: EventAnswer) => ({
  ...{ name, at, cause_stream, cause_position, dimensions, measures },
});

test('a bundle of the whole history derives the very events of the live tables', () => {
  let compared = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) => {
        derivedHistory(folder, plan);
        const { facts } = collected(folder, 0);
        const live = over(folder, all);
        const projected = askProjected(projectFacts(emptyFolder(folder), facts), all);
        compared += live.length;
        expect(projected.map(withoutIds)).toEqual(live.map(withoutIds));
        expect(namesOf(projected)).toEqual(namesOf(live));
      });
    }),
    { numRuns: 12, seed: 20260618 },
  );
  expect(compared).toBeGreaterThan(1_000);
});

test('the facts of any window read back as they were written', () => {
  const windows = fc.tuple(plans, fc.integer({ min: 1, max: 96 }));
  let leftOut = 0;
  fc.assert(
    fc.property(windows, ([plan, hours]) => {
      withFolder((folder) => {
        const now = derivedHistory(folder, plan);
        const collectedFacts = collected(folder, now - hours * HOUR_MS);
        const { change_log, journal } = factLines(collectedFacts.facts);
        const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row));
        expect(readFacts(lines(change_log), lines(journal))).toEqual(collectedFacts.facts);
        expect(collectedFacts.leftOut).toMatchObject({ fields: 0, facts: 0 });
        leftOut += collectedFacts.leftOut.change_log;
      });
    }),
    { numRuns: 8, seed: 20260619 },
  );
  expect(leftOut).toBeGreaterThan(100);
});

function collected(folder: string, since: number): Collected {
  return over(folder, (source, paths, keys) => collect(paths, source, keys, since));
}

function emptyFolder(folder: string): string {
  const path = join(folder, 'projected');
  mkdirSync(path);
  return path;
}

/** Numbers for sessions and PRs in the order in which events name them: the same where the same are told apart. */
function namesOf(told: readonly EventAnswer[]): number[][] {
  const numbers = new Map<string, number>();
  const number = (id: string | null) => {
    if (id === null) return 0;
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return numbers.get(id)!;
  };
  return told.map(({ subject, session, project }) => [subject, session, project].map(number));
}
