import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createHost, type HostDatabase } from '../../fixtures/daemon/schema.ts';
import { Look } from '../../projector/exports/look.ts';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import { SINKS } from '../../projector/exports/sinks.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import { readKey } from '../../projector/store/key-file.ts';
import type { Store } from '../../projector/store/store.ts';
import { install } from '../../triggers/install.ts';
import { Receiver } from '../exports/receiver.ts';
import { eventsOf, totals } from '../exports/sums.ts';
import { begin, look as lookAgain, openStore } from '../properties/harness.ts';
import { answerInTime } from '../support/command-line.ts';
import { hostPath } from '../support/processes.ts';
import { digestedIn, leaks, rawIdsIn, secretsIn, Tokens } from './secrets.ts';
import { Clock, plantEverything } from './story.ts';
import { Planter } from './tables.ts';

const CONSENT = Date.UTC(2026, 5, 17);
const LATER = Date.UTC(2026, 6, 1);
const TIERS = { metrics: true, events: true, remote: ['otlp', 'posthog'] } as const;

/** What stands before an id where it is hashed under the key, and must not be hashed without. */
const KINDS = ['', 'session\0', 'project\0', 'pr\0', 'install\0'];

describe.each([
  [19, 'http/json'],
  [82, 'http/json'],
  [82, 'http/protobuf'],
] as const)('of a host of v%i, over %s,', (version, protocol) => {
  const folder = mkdtempSync(join(os.tmpdir(), 'ao-projector-canary-'));
  const tokens = new Tokens();
  const rawIds: string[] = [];
  const installId = `ins_${randomUUID()}`;
  /** What `export` says on this machine, before anything was sent and after it. */
  const answers = new Map<string, string>();
  let receiver: Receiver;
  let db: HostDatabase;
  let store: Store;
  let now = CONSENT;

  beforeAll(async () => {
    nameTheMachine(tokens);
    writeFileSync(join(folder, 'telemetry_install_id'), installId);
    receiver = await Receiver.start();
    db = createHost(hostPath(folder), { version });
    db.transaction(() => install(db, version, CONSENT))();
    store = openStore(folder, () => now);
    const env = {
      AO_PROJECTOR_REMOTE: 'otlp,posthog',
      AO_PROJECTOR_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      AO_PROJECTOR_POSTHOG_KEY: 'phc_test',
      AO_PROJECTOR_POSTHOG_HOST: receiver.url,
    };
    const settings = exportSettingsOf(env);
    const transports = transportsOf(settings, true, () => now);
    const live = begin(store);
    const look = new Look({ store, settings, transports, now: () => now });
    const planter = new Planter(db, tokens);
    const clock = new Clock();
    for (let round = 0; round < 2; round++) rawIds.push(...plantEverything(db, planter, tokens, clock));
    lookAgain(store, live).close();
    look.committed();
    now = LATER;
    await look.settle();

    const ask = async (...questions: readonly string[]) => {
      for (const words of questions) {
        answers.set(`${answers.size}: ${words}`, await answerInTime(folder, TIERS, now, words.split(' '), env));
      }
    };
    const ofEachSink = SINKS.map((sink) => `export preview --sink ${sink}`);
    await ask('export status', 'export status --json', 'export preview', 'export preview --json', ...ofEachSink);
    for (const transport of transports) {
      const batch = look.leaving(transport.sink)!;
      look.sent(batch, await transport.deliver(batch.payload, AbortSignal.timeout(20_000)));
    }
    const ofEachEntry = transports.map((_, index) => `export ledger ${index + 1}`);
    await ask('export status', 'export status --json', 'export ledger', 'export ledger --json', ...ofEachEntry);
  }, 60_000);

  afterAll(async () => {
    jest.restoreAllMocks();
    store.close();
    db.close();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Every byte that left: compressed or not, and what goes before it. */
  function left(): Map<string, string> {
    const parts = receiver.received.flatMap(({ path, headers, bytes, text }): [string, string][] => [
      [`${path}, uncompressed`, text],
      [`${path}, as sent`, bytes.toString('latin1')],
      [`${path}, headers`, JSON.stringify(headers)],
    ]);
    return new Map(parts);
  }

  const all = (): Map<string, string> => new Map([...left(), ...answers]);
  const textOf = (path: string) => receiver.accepted.find((request) => request.path === path)!.text;

  test('events of every kind have left, and metrics of them', () => {
    expect(receiver.received.map(({ path }) => path)).toEqual(['/v1/metrics', '/v1/logs', '/batch/']);
    expect(receiver.accepted).toEqual(receiver.received);
    const [metrics, logs, posthog] = receiver.accepted.map((request) => [request]);
    for (const events of [eventsOf(logs!), eventsOf(posthog!)]) {
      expect(new Set(events.map(({ name }) => name)).size).toBeGreaterThan(35);
      expect(events.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          ...['ao.session.spawned', 'ao.session.killed', 'ao.session.restored', 'ao.pr.merged', 'ao.pr.revised'],
          ...['ao.spawn.failed', 'ao.cli.exit_2', 'ao.daemon.panic', 'ao.session.stuck_waiting', 'ao.cli.invoked'],
          ...['ao.ci.repeated_failure', 'ao.notification.raised', 'ao.lifecycle.session_terminated_unexpected'],
        ]),
      );
    }
    expect(Object.keys(totals(metrics!)).length).toBeGreaterThan(60);
  });

  test('what is answered here shows what would leave and what has left', () => {
    const shows = (words: string, text: string) =>
      [...answers].some(([question, answer]) => question.endsWith(words) && answer.includes(text));
    expect(shows('export preview --sink posthog', '"api_key":"phc_test"')).toBe(true);
    expect(shows('export preview --sink logs', 'ao.session.killed')).toBe(true);
    expect(shows('export preview --sink metrics', 'ao.session.ends')).toBe(true);
    expect(shows('export ledger 1', textOf('/v1/metrics'))).toBe(true);
    expect(shows('export ledger 2', textOf('/v1/logs'))).toBe(true);
    expect(shows('export ledger 3', 'ao.session.killed')).toBe(true);
  });

  test('nothing of it holds a secret, the names of the machine and its user among them', () => {
    expect(secretsIn(os.hostname())).not.toEqual([]);
    expect(leaks(all(), secretsIn)).toEqual([]);
  });

  test('nothing of it holds a raw id, whatever the tier', () => {
    expect(leaks(all(), rawIdsIn)).toEqual([]);
  });

  test('an id stands there as a keyed hash, and can be guessed at by no digest without the key', () => {
    for (const path of ['/v1/logs', '/batch/']) {
      expect(rawIds.filter((id) => textOf(path).includes(store.keys.pull(id))).length).toBeGreaterThan(3);
    }
    for (const { text } of receiver.accepted) expect(text.includes(store.keys.install(installId))).toBe(true);
    const rowIds = db.prepare<[], string>('SELECT id FROM telemetry_event').pluck().all();
    const ids = [...rawIds, ...rowIds, installId].flatMap((id) => KINDS.map((kind) => `${kind}${id}`));
    expect(leaks(all(), (text) => digestedIn(String(text), ids))).toEqual([]);
  });

  test('nothing of it holds the key, the id of the install, or that of the history, which ids of events are made with', () => {
    const key = readKey(store.paths.key);
    const history = store.analytics.prepare<[], string>('SELECT history_id FROM history').pluck().get()!;
    const forms = (['hex', 'base64', 'latin1'] as const).map((form) => key.toString(form));
    const kept = [...forms, history, installId.slice('ins_'.length)];
    expect(leaks(all(), (text) => kept.filter((one) => text.includes(one)))).toEqual([]);
  });

  test('nothing of it holds a path of the machine', () => {
    const paths = [basename(folder), process.cwd()];
    expect(leaks(all(), (text) => paths.filter((path) => text.includes(path)))).toEqual([]);
  });
});

/** Gives the machine and its user names that can be searched for; real ones may be words that mean something else. */
function nameTheMachine(tokens: Tokens): void {
  const user = { ...os.userInfo(), username: tokens.secret(), homedir: `/home/${tokens.secret()}` };
  jest.spyOn(os, 'hostname').mockReturnValue(tokens.secret());
  jest.spyOn(os, 'homedir').mockReturnValue(user.homedir);
  jest.spyOn(os, 'userInfo').mockReturnValue(user);
}
