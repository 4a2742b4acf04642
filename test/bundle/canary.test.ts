import { writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { expect, test } from '@jest/globals';
import { createHost } from '../../fixtures/daemon/schema.ts';
import { zip } from '../../projector/bundle/zip.ts';
import { openAnalytics } from '../../projector/store/analytics.ts';
import { rememberVerification } from '../../projector/store/verifications.ts';
import { install } from '../../triggers/install.ts';
import { digestedIn, rawIdsIn, secretsIn, Tokens } from '../canary/secrets.ts';
import { Clock, plantEverything } from '../canary/story.ts';
import { Planter } from '../canary/tables.ts';
import { hostPath, placesIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { over, rebuilt } from './history.ts';
import { madeIn, type Texts, textsIn } from './made.ts';

const NOW = Date.UTC(2026, 6, 1);

interface Planted {
  readonly texts: Texts;
  readonly bytes: Uint8Array;
  readonly rawIds: readonly string[];
  /** Hashes of ours in the tables that the bundle was made beside. */
  readonly hashes: readonly string[];
  readonly folder: string;
}

/** What is in a bundle of a database with a secret or a raw id in each of its columns. */
function planted(version: number): Planted {
  return withFolder((folder) => {
    const tokens = new Tokens();
    const clock = new Clock();
    const db = createHost(hostPath(folder), { version });
    db.transaction(() => install(db, version, Date.UTC(2026, 5, 18, 7)))();
    const planter = new Planter(db, tokens);
    const rawIds = [1, 2].flatMap(() => plantEverything(db, planter, tokens, clock));
    db.close();
    const own = { pid: 4711, port: 3001, startedAt: '2026-06-18T10:00:00+02:00' };
    const secrets = { owner: tokens.secret(), appRunId: tokens.secret(), [tokens.secret()]: tokens.secret() };
    writeFileSync(placesIn(folder).AO_RUN_FILE, JSON.stringify({ ...own, ...secrets }));
    rebuilt(folder, NOW);
    const hashes = over(folder, ({ derived, analytics }, paths) => {
      const writable = openAnalytics(paths, NOW);
      const difference = { table: 'event', live: { subject: tokens.secret() } };
      rememberVerification(writable, { at: NOW, change_log: 1, telemetry: 1, identical: false }, difference);
      writable.close();
      const of = (table: string, column: string) =>
        derived.prepare<[], string>(`SELECT DISTINCT "${column}" FROM "${table}"`).pluck().all();
      const inJournal = analytics.prepare<[], string>('SELECT identity FROM journal').pluck().all();
      const projects = analytics.prepare<[], number>('SELECT DISTINCT project FROM journal').pluck().all();
      const keys = projects
        .filter((key) => key > 1)
        .flatMap((key) => [String(key), key.toString(16).padStart(12, '0')]);
      const digests = derived
        .prepare<[], string>('SELECT state FROM pull UNION SELECT state FROM session')
        .pluck()
        .all();
      const inStates = digests.flatMap((state) =>
        [...state.matchAll(/"([0-9a-f]{16})"/g)].map(([, digest]) => digest!),
      );
      return [...of('session', 'hash'), ...of('pull', 'hash'), ...inJournal, ...keys, ...inStates];
    });
    const { files } = madeIn(folder, 0, NOW);
    const bytes = zip(files);
    return {
      texts: textsIn(bytes),
      bytes,
      rawIds,
      hashes: hashes.filter((hash) => /^[0-9a-f]{12,}$/.test(hash)),
      folder,
    };
  });
}

test.each([19, 82])('of a database of v%i with a secret in each column nothing is in a bundle', (version) => {
  const { texts, bytes, rawIds, hashes, folder } = planted(version);
  expect(hashes.length).toBeGreaterThan(50);
  const all = Object.values(texts).join('\n');
  // It is not empty: there are events of all kinds, and rows that did not fit.
  expect(all.match(/ao\.pr\.merged/g)?.length).toBeGreaterThan(0);
  expect(JSON.parse(texts['manifest.json']!).counts.rejected).toBeGreaterThan(0);
  for (const found of [all, bytes].map(Buffer.from)) {
    expect(secretsIn(found)).toEqual([]);
    expect(rawIdsIn(found)).toEqual([]);
  }
  expect(digestedIn(all, rawIds)).toEqual([]);
  expect(hashes.filter((hash) => all.includes(hash))).toEqual([]);
  expect([folder, process.cwd()].filter((path) => all.includes(path))).toEqual([]);
  const words = new Set(valuesIn(texts).flatMap((value) => value.split(/[^A-Za-z0-9]+/)));
  expect([hostname(), userInfo().username].filter((name) => words.has(name))).toEqual([]);
  expect(JSON.parse(texts['running.json']!)).toEqual({ pid: 4711, port: 3001, startedAt: '2026-06-18T08:00:00.000Z' });
  expect(JSON.parse(texts['verification.json']!)).toEqual({
    ...{ at: NOW, change_log: 1, telemetry: 1, identical: false },
  });
});

/** Every text that is a value somewhere. */
function valuesIn(texts: Texts): string[] {
  const parsed = Object.entries(texts).flatMap(([name, text]) =>
    (name.endsWith('.ndjson') ? text.trim().split('\n') : [text]).map((json) => JSON.parse(json) as unknown),
  );
  const values: string[] = [];
  const take = (value: unknown): void => {
    if (typeof value === 'string') values.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(take);
  };
  parsed.forEach(take);
  return values;
}
