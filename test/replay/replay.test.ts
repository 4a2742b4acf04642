import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { loadKnown } from '../../fixtures/known.ts';
import { ask } from '../../projector/answers/funnel/ask.ts';
import { SHIPPED } from '../../projector/answers/funnel/shipped.ts';
import { askProjected } from '../../projector/bundle/project.ts';
import { zip } from '../../projector/bundle/zip.ts';
import { fillingOf, reachedAt } from '../../projector/replay/filling.ts';
import { type Replayed, replaying } from '../../projector/replay/replay.ts';
import { derivedHistory, type HistoryPlan, over, rebuilt } from '../bundle/history.ts';
import { forged, madeIn, textsIn } from '../bundle/made.ts';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { hostPath } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 5, 14, 12, 10);

const plans: fc.Arbitrary<HistoryPlan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.constantFrom(19, 40, 82),
  steps: fc.integer({ min: 20, max: 160 }),
  triggers: fc.boolean(),
});

/** What is replayed of these bytes. */
function replayed(folder: string, bytes: Uint8Array): Promise<Replayed> {
  const path = join(folder, 'bundle.zip');
  writeFileSync(path, bytes);
  return replaying(path, (found) => found);
}

test('whatever the history and the window, a bundle replays to what it says', async () => {
  let events = 0;
  const windows = fc.tuple(plans, fc.integer({ min: 1, max: 200 }));
  await fc.assert(
    fc.asyncProperty(windows, ([plan, hours]) =>
      withFolder(async (folder) => {
        const now = derivedHistory(folder, plan);
        const { files } = madeIn(folder, now - hours * HOUR_MS, now);
        const { difference, derived, bundle } = await replayed(folder, zip(files));
        expect(difference).toBeNull();
        expect(derived).toEqual(bundle!.derived);
        events += derived.events.length;
      }),
    ),
    { numRuns: 8, seed: 20260618 },
  );
  expect(events).toBeGreaterThan(300);
});

test('the same facts give the same bytes, whatever ids they have on which machine', () => {
  const make = () =>
    withFolder((folder) => {
      loadKnown(hostPath(folder)).close();
      rebuilt(folder, NOW);
      const { files } = madeIn(folder, 0, NOW);
      // When the file of the machine was written to is told of the machine.
      return [...files].filter(([name]) => !/^(status|manifest)\.json$/.test(name));
    });
  const first = make();
  expect(first.length).toBe(8);
  expect(make()).toEqual(first);
  expect(Buffer.from(zip(new Map(first))).equals(zip(new Map(make())))).toBe(true);
});

test('every answer can be asked of what is replayed', async () => {
  await withFolder(async (folder) => {
    loadKnown(hostPath(folder)).close();
    rebuilt(folder, NOW);
    const { files } = madeIn(folder, 0, NOW);
    const path = join(folder, 'bundle.zip');
    writeFileSync(path, zip(files));
    const asked = (of: string, words: string) => answerOf(of, EVENTS_TIER, NOW, [...words.split(' '), '--json']);
    await replaying(path, ({ paths }) => {
      for (const words of ['funnel session', 'funnel pr', 'stuck', 'usage', 'activity', 'crashes', 'failures']) {
        const { as_of: live, ...here } = withoutNames(asked(folder, words));
        const { as_of: replay, ...there } = withoutNames(asked(paths.dataDir, words));
        expect({ words, ...there }).toEqual({ words, ...here });
      }
      expect(asked(paths.dataDir, 'session p1-1')).toMatch('"raw":"p1-1"');
      expect(asked(paths.dataDir, 'pr https://example.invalid/p1/pull/1')).toMatch('ao.pr.observed');
      expect(asked(paths.dataDir, 'explain p1-1')).toMatch('ao.session.spawned');
      expect(JSON.parse(asked(paths.dataDir, 'status')).host.problem_code).toBe('host_missing');
    });
  });
});

/** An answer without what is another on another machine: names of subjects. */
function withoutNames(json: string): Record<string, unknown> {
  return JSON.parse(json.replaceAll(/"(id|raw|session|project|subject)":"[^"]*"/g, '"$1":"-"'));
}

test('a bundle that says something else is told by its first difference', async () => {
  await withFolder(async (folder) => {
    const now = derivedHistory(folder, { seed: 7, version: 82, steps: 120, triggers: false });
    const texts = textsIn(zip(madeIn(folder, 0, now).files));
    const other = texts['events.ndjson']!.replace('"how":"found"', '"how":"claimed"');
    const { difference } = await replayed(folder, forged({ ...texts, 'events.ndjson': other }));
    expect(difference).toMatchObject({
      ...{ name: 'ao.pr.observed', field: 'dimensions.how', bundled: 'claimed', projected: 'found' },
    });
  });
});

test('a recorded history is copied, and its folder is as it was', async () => {
  await withFolder(async (folder) => {
    const recorded = join(folder, 'recorded');
    mkdirSync(recorded);
    loadKnown(hostPath(recorded)).close();
    const before = readdirSync(recorded).map((name) => [name, readFileSync(join(recorded, name))]);
    const found = await replaying(recorded, (one) => one);
    expect(readdirSync(recorded).map((name) => [name, readFileSync(join(recorded, name))])).toEqual(before);
    rebuilt(recorded, NOW);
    const live = over(recorded, (source) => ask(source, { ...SHIPPED.session, now: found.now }).steps);
    expect(live[0]!.reached).toBeGreaterThan(5);
    expect(found.derived.events.map(({ raw }) => raw?.session)).toContain('web-2');
    expect(found).toMatchObject({ bundle: null, difference: null });
    expect(existsSync(found.paths.dataDir)).toBe(false);
  });
});

test('the funnel fills up to the numbers of the answer', async () => {
  await withFolder(async (folder) => {
    loadKnown(hostPath(folder)).close();
    await replaying(folder, ({ paths, now }) => {
      askProjected(paths, (source) => {
        const steps = fillingOf(source, now);
        const { steps: answered } = ask(source, { ...SHIPPED.session, now });
        expect(reachedAt(steps, now)).toEqual(answered.map(({ reached }) => reached));
        expect(reachedAt(steps, 0)).toEqual([0, 0, 0, 0, 0, 0]);
        const [first] = steps[0]!.at;
        expect(reachedAt(steps, first!)).toEqual([1, 0, 0, 0, 0, 0]);
      });
    });
  });
});
