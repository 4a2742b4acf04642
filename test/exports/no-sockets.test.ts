import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { daemonProcess, hostPath, placesIn, projector, tiersOn, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { everyCommand } from './commands.ts';
import { hostOfTomorrow, toBoth } from './live-export.ts';
import { Receiver } from './receiver.ts';
import { watched } from './watched.ts';

jest.setTimeout(120_000);

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
  receiver.answer = () => ({ status: 503 });
});
afterAll(() => receiver.close());

type Env = Readonly<Record<string, string>>;

/** All that exports need is said, and they look five times a second. */
function remoteOn(folder: string): Env {
  return { ...tiersOn(folder), ...toBoth(receiver.url), OTEL_METRIC_EXPORT_INTERVAL: '200' };
}

/** How a process of some words ended: its exit code, and the sockets that it tried to open. */
type Outcome = readonly [words: string, code: number | null, ...sockets: string[]];

/** Runs commands, one after the other. */
async function outcomes(folder: string, env: Env, commands: readonly string[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const command of commands) {
    const { running, sockets } = watched(folder, env, ...command.split(' '));
    const { code } = await running.ended;
    found.push([command, code, ...sockets()]);
  }
  return found;
}

/** A `run` beside a daemon for a moment, until all is derived or it ends by itself. */
async function outcomeOfRun(folder: string, env: Env): Promise<Outcome> {
  hostOfTomorrow(folder);
  const { running, sockets } = watched(folder, env, 'run');
  const isOver = () => running.child.exitCode !== null;
  await Promise.race([running.ended, running.says('Tailing')]);
  await daemonProcess(folder, '--rate', '400', '--steps', '80', '--seed', '3').ended;
  await until(() => isOver() || JSON.parse(answer(folder, 'status --json')).streams.change_log.lag_rows === 0);
  const { code } = await running.stop();
  return ['run', code, ...sockets()];
}

const answer = (folder: string, words: string) => answerOf(folder, EVENTS_TIER, Date.now(), words.split(' '));

const silent = (commands: readonly string[]): Outcome[] => commands.map((words) => [words, 0]);

test('while DO_NOT_TRACK forbids what is named, no command opens a socket or resolves a name', async () => {
  await withFolder(async (folder) => {
    const env = { ...remoteOn(folder), DO_NOT_TRACK: '1' };
    const demo = watched(folder, env, 'demo');
    const run = await outcomeOfRun(folder, env);
    const help = (await projector(placesIn(folder), '--help').ended).stdout;
    const apart = ['run', 'demo', 'serve'];
    const commands = (await everyCommand(help)).filter((command) => !apart.includes(command));
    const words = usefulWords(folder);
    const asked = commands.map((command) => [command, ...(words[command] ?? [])].join(' '));
    expect(await outcomes(folder, env, asked)).toEqual(silent(asked));
    expect(run).toEqual(['run', 0]);
    expect([(await demo.running.ended).code, ...demo.sockets()]).toEqual([0]);
  });
});

/** Words for each command that has nothing to do without. */
function usefulWords(folder: string): Record<string, string[]> {
  const events = answer(folder, 'events --json')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (kind: string) => events.find(({ subject_kind }) => subject_kind === kind);
  const session = of('session').raw.session;
  return {
    ...{ session: [session], pr: [of('pr').raw.subject], explain: [of('pr').id], forget: ['--session', session] },
    ...{ funnel: ['session'], 'funnel lint': ['session'], 'funnel compare': ['session'] },
    ...{ 'why funnel': ['session', 'pr.observed'], 'failures show': [failureGroup(folder)] },
    ...{ 'rejected show': [rejectedPosition(folder)], 'triggers install': ['--dry-run'] },
  };
}

function failureGroup(folder: string): string {
  return JSON.parse(answer(folder, 'failures --json')).groups[0].fingerprint;
}

/** The number of a row that does not fit; it is made here. */
function rejectedPosition(folder: string): string {
  const host = new SQLite(hostPath(folder));
  const row = host
    .prepare(
      `INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
       SELECT project_id, session_id, 'session_updated', '{"id":"?","activity":"?"}', created_at FROM change_log ORDER BY seq DESC LIMIT 1`,
    )
    .run();
  host.close();
  return String(row.lastInsertRowid);
}

test('while nothing is switched on, neither a run nor what looks at exports opens a socket', async () => {
  const looking = ['rebuild', 'verify', 'status', 'export status', 'export preview', 'export ledger'];
  const cases: readonly ((folder: string) => Env)[] = [
    (folder) => tiersOn(folder),
    (folder) => ({ ...remoteOn(folder), AO_PROJECTOR_REMOTE: 'off' }),
    (folder) => ({ ...remoteOn(folder), AO_TELEMETRY_METRICS: 'off', AO_TELEMETRY_EVENTS: 'off' }),
    (folder) => ({ ...remoteOn(folder), AO_PROJECTOR_REMOTE: 'posthog', AO_TELEMETRY_EVENTS: 'off' }),
  ];
  await Promise.all(
    cases.map((envOf) =>
      withFolder(async (folder) => {
        const env = envOf(folder);
        const found = [await outcomeOfRun(folder, env), ...(await outcomes(folder, env, looking))];
        expect(found).toEqual(silent(['run', ...looking]));
      }),
    ),
  );
});

test('while all is switched on, a run alone sends: what shows exports opens no socket, nor does the demo', async () => {
  await withFolder(async (folder) => {
    const env = remoteOn(folder);
    const demo = watched(folder, env, 'demo');
    const [, , ...sockets] = await outcomeOfRun(folder, env);
    expect(sockets).toContain(`connect 127.0.0.1 ${receiver.port}`);
    const showing = ['export status', 'export preview', 'export ledger', 'export ledger 1', 'export ledger --erase'];
    expect(await outcomes(folder, env, showing)).toEqual(silent(showing));
    expect([(await demo.running.ended).code, ...demo.sockets()]).toEqual([0]);
  });
});

test('serve listens on this machine, and does nothing else', async () => {
  await withFolder(async (folder) => {
    const { running, sockets } = watched(folder, remoteOn(folder), 'serve');
    await running.says('http://127.0.0.1');
    await running.stop();
    expect(sockets()).toEqual([expect.stringMatching(/^listen \d+ 127\.0\.0\.1$/), 'dns.lookup 127.0.0.1']);
  });
});
