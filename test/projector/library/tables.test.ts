import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { beginKnown, loadKnown } from '../../../fixtures/known.ts';
import { events, failures, funnel, open, type Tables } from '../../../projector/library/index.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { begin, catchUp, openStore } from '../../properties/harness.ts';
import { hostPath, placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

function problem(code: string) {
  return expect.objectContaining({ name: 'ProjectorError', code }) as never;
}

function derive(folder: string): void {
  loadKnown(hostPath(folder)).close();
  const store = openStore(folder);
  for (const _ of rebuild(store));
  store.close();
}

const count = (tables: Tables) => [...events(tables)].length;

test('tables stand as they did when they were opened, whatever is committed; opened anew they have it', () => {
  withFolder((folder) => {
    const { db, lines } = beginKnown(hostPath(folder));
    const store = openStore(folder);
    const history = lines[Symbol.iterator]();
    for (let line = 0; line < 100; line++) history.next();
    const live = begin(store);
    const tables = open({ dataDir: folder });
    for (let line = 0; line < 50; line++) history.next();
    catchUp(live);
    const newer = open({ dataDir: folder });
    const positions = [tables.asOf.change_log, newer.asOf.change_log] as const;
    expect(positions[0]).toBeLessThan(positions[1]);
    expect([failures(tables).as_of, failures(newer).as_of]).toEqual([tables.asOf, newer.asOf]);
    expect(count(tables)).toBeLessThan(count(newer));
    const before = count(newer);
    for (let next = history.next(); !next.done; next = history.next());
    live.close();
    for (const _ of rebuild(store));
    expect(count(newer)).toBe(before);
    const newest = open({ dataDir: folder });
    expect(count(newest)).toBeGreaterThan(before);
    for (const opened of [tables, newer, newest]) opened.close();
    store.close();
    db.close();
  });
});

test('closed tables answer nothing; closing them twice is nothing either', () => {
  withFolder((folder) => {
    derive(folder);
    const tables = open({ dataDir: folder });
    tables.close();
    tables.close();
    expect(() => funnel(tables, 'session')).toThrow(problem('tables_closed'));
    expect(() => [...events(tables)]).toThrow(problem('tables_closed'));
  });
});

describe('raw ids', () => {
  const before = process.env.AO_TELEMETRY_EVENTS;
  afterEach(() => {
    if (before === undefined) delete process.env.AO_TELEMETRY_EVENTS;
    else process.env.AO_TELEMETRY_EVENTS = before;
  });

  test.each([
    { says: undefined, rawIds: undefined, shown: false },
    { says: 'on', rawIds: undefined, shown: true },
    { says: 'on', rawIds: false, shown: false },
    { says: undefined, rawIds: true, shown: true },
  ])('the environment says $says, open says $rawIds: shown $shown', ({ says, rawIds, shown }) => {
    if (says === undefined) delete process.env.AO_TELEMETRY_EVENTS;
    else process.env.AO_TELEMETRY_EVENTS = says;
    withFolder((folder) => {
      derive(folder);
      const tables = open({ dataDir: folder, rawIds });
      const text = JSON.stringify([
        [...events(tables)],
        failures(tables),
        funnel(tables, 'session', { by: 'project' }),
      ]);
      tables.close();
      expect([text.includes('web-2'), text.includes('"web"')]).toEqual([shown, shown]);
    });
  });

  test('an environment that says neither on nor off is refused, unless nobody asks it', () => {
    process.env.AO_TELEMETRY_EVENTS = 'maybe';
    withFolder((folder) => {
      derive(folder);
      expect(() => open({ dataDir: folder })).toThrow(problem('switch_invalid'));
      open({ dataDir: folder, rawIds: false }).close();
    });
  });
});

describe('nothing can be opened', () => {
  test('before anything was derived', () => {
    withFolder((folder) => {
      expect(() => open({ dataDir: folder })).toThrow(problem('nothing_derived'));
    });
  });

  test('where the derived file is no database', () => {
    withFolder((folder) => {
      derive(folder);
      const { derived } = pathsOf(placesIn(folder));
      for (const end of ['', '-wal', '-shm']) rmSync(derived(1) + end, { force: true });
      writeFileSync(derived(1), 'no database'.repeat(1_000));
      expect(() => open({ dataDir: folder })).toThrow(problem('analytics_corrupt'));
    });
  });

  test.each([{ dataDir: '' }, { dataDir: 7 }, { dataDri: '/tmp' }, { rawIds: 'on' }])('with %j', (options) => {
    expect(() => open(options as never)).toThrow(problem('argument_invalid'));
  });
});
