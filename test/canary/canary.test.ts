import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { createHost, type HostDatabase } from '../../fixtures/daemon/schema.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { RejectedAnswer } from '../../projector/answers/rejected/list.ts';
import { status } from '../../projector/answers/status.ts';
import { TELEMETRY } from '../../projector/host/telemetry-schema.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import type { Tiers } from '../../projector/tiers.ts';
import { install } from '../../triggers/install.ts';
import { answerInTime, answerOf, EVENTS_TIER, METRICS_TIER } from '../support/command-line.ts';
import { hostPath, placesIn, projector, until } from '../support/processes.ts';
import { digestedIn, leaks, rawIdsIn, secretsIn, Tokens } from './secrets.ts';
import { Clock, plantEverything } from './story.ts';
import { PAYLOADS } from './streams.ts';
import { Planter } from './tables.ts';

const NOW = Date.UTC(2026, 6, 1);

/**
 * How each command that answers is asked: with `$group` of every group of failures, with `$event` of an event of
 * every name, with `$rejected` of a row of every reason.
 */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  funnel: [
    'funnel session',
    'funnel pr',
    'funnel onboarding',
    ...['harness', 'session_kind', 'project'].flatMap((by) => [`funnel session --by ${by}`, `funnel pr --by ${by}`]),
  ],
  failures: ['failures', 'failures --by harness', 'failures show $group'],
  stuck: ['stuck', 'stuck --now 2027-01-01', 'stuck --by project'],
  events: ['events', 'events --limit 100000'],
  crashes: ['crashes', 'crashes --by harness'],
  usage: ['usage', 'usage --by command', 'usage --by actor'],
  activity: ['activity', 'activity --by project'],
  session: ['session $session'],
  pr: ['pr $pr', 'pr $pr --by harness'],
  explain: ['explain $event', 'explain $session', 'explain $pr', 'explain funnel session 2', 'explain funnel pr 3'],
  why: ['why funnel session 1', 'why funnel pr 1', 'why funnel attention 1 --by harness'],
  gaps: ['gaps'],
  rejected: ['rejected list', 'rejected show $rejected', 'rejected retry'],
  triggers: ['triggers verify'],
  // What they answer where something is sent is asked in exports.test.ts.
  export: ['export status', 'export preview', 'export ledger'],
};

/**
 * Commands that answer nothing; what `run`, `rebuild` and `verify` say is searched as well. `serve` answers as the other commands
 * do, which test/serve holds it to. What a bug report holds, and so what its replay shows, is searched in test/bundle.
 */
const SILENT = ['run', 'rebuild', 'verify', 'forget', 'demo', 'help', 'serve', 'bug-report', 'replay'];

test('every command that answers is asked here', async () => {
  const { stdout } = await projector({}, '--help').ended;
  const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
  expect(commands).toContain('events');
  expect(commands.filter((name) => !SILENT.includes(name!))).toEqual(expect.arrayContaining(Object.keys(QUESTIONS)));
  expect(commands.filter((name) => !SILENT.includes(name!) && !Object.hasOwn(QUESTIONS, name!))).toEqual([]);
});

test('every name of telemetry is planted', () => {
  expect(Object.keys(TELEMETRY).filter((name) => !/triggers_/.test(name) && !Object.hasOwn(PAYLOADS, name))).toEqual(
    [],
  );
});

test('a secret is found in whatever form', () => {
  const secret = new Tokens().secret();
  const bytes = Buffer.from(secret);
  const wide = Buffer.from(secret, 'utf16le');
  const forms: (Buffer | string)[] = [
    `x${secret}`,
    secret.toUpperCase(),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    Buffer.concat([Buffer.from('x'), bytes]).toString('base64'),
    Buffer.concat([Buffer.from('xx'), bytes]).toString('base64url'),
    Buffer.concat([Buffer.from([0xff]), bytes]),
    wide,
    Buffer.from(wide).swap16(),
    [...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join(''),
    [...secret].reverse().join(''),
  ];
  expect(forms.filter((form) => secretsIn(form).length === 0)).toEqual([]);
  expect(secretsIn('nothing of that kind')).toEqual([]);
  const digest = createHash('sha1').update('web-1').digest('hex');
  expect(digestedIn(`[{"hash":"${digest.slice(0, 12)}"}]`, ['web-1', 'web-2'])).toEqual(['web-1']);
});

describe.each([
  [19, 'metrics'],
  [19, 'events'],
  [82, 'metrics'],
  [82, 'events'],
] as const)('on a host of v%i, in the %s tier,', (version, tier) => {
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-canary-'));
  const env = { ...placesIn(folder), [`AO_TELEMETRY_${tier.toUpperCase()}`]: 'on' };
  const tokens = new Tokens();
  const clock = new Clock();
  const rawIds: string[] = [];
  /** Bytes of our files while `run` tailed, and after it; names begin with the moment. */
  const files = new Map<string, Buffer>();
  const asked = new Map<Tiers, Map<string, string>>();
  let said = '';
  let db: HostDatabase;
  let planter: Planter;

  beforeAll(async () => {
    db = createHost(hostPath(folder), { version });
    db.transaction(() => install(db, version, Date.UTC(2026, 5, 18, 7)))();
    planter = new Planter(db, tokens);
    const plant = () => rawIds.push(...plantEverything(db, planter, tokens, clock));
    plant();
    const rebuilt = await projector(env, 'rebuild').ended;
    expect(rebuilt.code).toBe(0);
    keep('rebuilt');
    writeFileSync(env.AO_RUN_FILE, runFile());
    const tail = projector(env, 'run');
    await tail.says('Tailing');
    plant();
    await until(() => tail.child.exitCode !== null || isCaughtUp());
    keep('tailing');
    const ended = await tail.stop();
    expect(ended).toMatchObject({ code: 0 });
    keep('stopped');
    moveLastEvent(+1);
    const verified = await projector(env, 'verify').ended;
    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('different') });
    moveLastEvent(-1);
    said = [rebuilt, ended, verified].map(({ stdout, stderr }) => stdout + stderr).join('');
  }, 60_000);

  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a running daemon says of itself. */
  function runFile(): string {
    const own = { pid: process.pid, port: 3001, startedAt: '2026-06-18T08:00:00Z' };
    return JSON.stringify({
      ...own,
      owner: tokens.secret(),
      appRunId: tokens.secret(),
      [tokens.secret()]: tokens.secret(),
    });
  }

  /** Makes the tables differ from a rebuild, so that `verify` has rows to show; and back. */
  function moveLastEvent(ms: number): void {
    const analytics = new SQLite(join(folder, 'analytics.db'), { readonly: true });
    const number = analytics.prepare<[], number>('SELECT number FROM derived_file').pluck().get()!;
    analytics.close();
    const derived = new SQLite(pathsOf(placesIn(folder)).derived(number));
    derived.prepare('UPDATE event SET at = at + ? WHERE id = (SELECT max(id) FROM event)').run(ms);
    derived.close();
  }

  function keep(moment: string): void {
    for (const name of readdirSync(folder)) {
      if (!/^(ao\.db|running\.json)/.test(name)) files.set(`${moment} ${name}`, readFileSync(join(folder, name)));
    }
  }

  function isCaughtUp(): boolean {
    const { streams } = status(pathsOf(placesIn(folder)), EVENTS_TIER, NOW);
    return streams?.change_log.lag_rows === 0 && streams.telemetry.lag_rows === 0;
  }

  /** What every question is answered with, as tables and as JSON. */
  async function answers(tiers: Tiers): Promise<Map<string, string>> {
    const known = asked.get(tiers);
    if (known) return known;
    const ask = (words: string) => answerInTime(folder, tiers, NOW, words.split(' '));
    const { groups } = JSON.parse(await ask('failures --json')) as { groups: { fingerprint: string }[] };
    const { rejected } = JSON.parse(await ask('rejected list --json')) as RejectedAnswer;
    const events = (await ask('events --json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as EventAnswer);
    const subjects = (kind: string) =>
      new Set(events.filter((event) => event.subject_kind === kind).map(({ subject }) => subject));
    const values: Readonly<Record<string, Iterable<string>>> = {
      $group: groups.map(({ fingerprint }) => fingerprint),
      $event: new Map(
        events.map(({ name, cause_stream, cause_position }) => {
          return [name, `${name}@${cause_position}@${cause_stream}`] as const;
        }),
      ).values(),
      $session: subjects('session'),
      $pr: subjects('pr'),
      $rejected: new Map(
        rejected.map(({ stream, position, reason }) => {
          return [`${stream} ${reason}`, `${stream}@${position}`] as const;
        }),
      ).values(),
    };
    const questions = Object.values(QUESTIONS)
      .flat()
      .flatMap((words) => {
        const placeholder = /\$\w+/.exec(words)?.[0];
        return placeholder ? [...values[placeholder]!].map((value) => words.replace(placeholder, value)) : [words];
      });
    const answered = new Map<string, string>();
    for (const words of questions.flatMap((one) => [one, `${one} --json`])) answered.set(words, await ask(words));
    asked.set(tiers, answered);
    return answered;
  }

  test('every column that can hold a text was given a secret or a raw id', () => {
    const columns = planter.columns();
    expect(columns.length).toBeGreaterThan(version === 19 ? 120 : 200);
    expect(columns.filter((column) => !planter.planted.has(column))).toEqual(
      ['app_settings.id'].filter((column) => columns.includes(column)),
    );
    expect(tokens.secrets.length).toBeGreaterThan(1000);
    expect(secretsIn(readFileSync(hostPath(folder)))).not.toEqual([]);
  });

  test('events of every kind were derived from it', () => {
    const names = new Set(
      answerOf(folder, EVENTS_TIER, NOW, ['events', '--json'])
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name as string),
    );
    expect([...names]).toEqual(
      expect.arrayContaining([
        ...['ao.session.spawned', 'ao.session.killed', 'ao.session.restored', 'ao.pr.merged', 'ao.pr.revised'],
        ...['ao.spawn.failed', 'ao.cli.exit_2', 'ao.daemon.panic', 'ao.session.stuck_waiting'],
        ...['ao.ci.repeated_failure', 'ao.notification.raised', 'ao.lifecycle.session_terminated_unexpected'],
      ]),
    );
  });

  test('no file of ours holds a secret, at any moment', () => {
    expect([...files.keys()].some((name) => /tailing analytics\.derived\.\d+\.db-wal$/.test(name))).toBe(true);
    expect(leaks(files, secretsIn)).toEqual([]);
  });

  test('no row of ours holds a secret, however SQLite lays it out', () => {
    expect(leaks(rows(), secretsIn)).toEqual([]);
  });

  test('our triggers write no secret into the database of the daemon', () => {
    // The id of such a row is made of that of the row that it tells of, which is the daemon's.
    const ours = db
      .prepare(
        `SELECT occurred_at, name, source, level, project_id, session_id, request_id, payload_json FROM telemetry_event
         WHERE source = 'ao-projector'`,
      )
      .all();
    expect(ours.length).toBeGreaterThan(20);
    expect(secretsIn(JSON.stringify(ours))).toEqual([]);
  });

  test('no answer holds a secret, and nothing that is said on the way', async () => {
    expect(leaks(await answers(EVENTS_TIER), secretsIn)).toEqual([]);
    expect(secretsIn(said)).toEqual([]);
    expect(rawIdsIn(said)).toEqual([]);
  });

  test('no raw id stands outside the identity table', () => {
    const without = new Map([...files].filter(([name]) => tier === 'metrics' || !/analytics\.db/.test(name)));
    without.set('analytics.db without identities', withoutIdentities());
    expect(leaks(without, rawIdsIn)).toEqual([]);
  });

  test('no id can be guessed at without the key, not even within the id of a row', () => {
    const rowIds = db.prepare<[], string>('SELECT id FROM telemetry_event').pluck().all();
    expect(rowIds.some((id) => rawIdsIn(id).length > 0)).toBe(true);
    const ids = [...rawIds, ...rowIds];
    expect([...rows()].flatMap(([name, text]) => digestedIn(text, ids).map((id) => `${name}: ${id}`))).toEqual([]);
  });

  test(`the identity table holds ${tier === 'events' ? 'raw ids alone' : 'nothing'}`, () => {
    const analytics = new SQLite(join(folder, 'analytics.db'), { readonly: true });
    const raw = analytics.prepare<[], string>('SELECT raw FROM identity').pluck().all();
    analytics.close();
    expect(raw.filter((id) => !rawIds.includes(id))).toEqual([]);
    expect(raw.length > 0).toBe(tier === 'events');
  });

  test(`answers show ${tier === 'events' ? 'raw ids' : 'no raw id'}, and none where the tier that is asked in is metrics`, async () => {
    expect(leaks(await answers(METRICS_TIER), rawIdsIn)).toEqual([]);
    expect(leaks(await answers(EVENTS_TIER), rawIdsIn).length > 0).toBe(tier === 'events');
  });

  /** Each table of each file of ours as JSON. */
  function rows(): Map<string, string> {
    const found = new Map<string, string>();
    for (const name of readdirSync(folder).filter((file) => /^analytics.*\.db$/.test(file))) {
      const file = new SQLite(join(folder, name), { readonly: true });
      const tables = file.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
      for (const table of tables) {
        found.set(`${name} ${table}`, JSON.stringify(file.prepare(`SELECT * FROM "${table}"`).all()));
      }
      file.close();
    }
    return found;
  }

  /** The bytes of `analytics.db` once its identities are gone and their pages are given back. */
  function withoutIdentities(): Buffer {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-wal']) {
      const path = join(folder, `analytics.db${suffix}`);
      if (existsSync(path)) copyFileSync(path, `${copy}${suffix}`);
    }
    const analytics = new SQLite(copy);
    analytics.exec('DELETE FROM identity; VACUUM');
    analytics.pragma('wal_checkpoint(TRUNCATE)');
    analytics.close();
    const bytes = readFileSync(copy);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
    return bytes;
  }
});
