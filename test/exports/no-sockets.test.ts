import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { hostPath, placesIn, projector, tiersOn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { everyCommand } from './commands.ts';
import { toBoth } from './live-export.ts';
import { Receiver } from './receiver.ts';
import { answer, type Env, outcomeOfRun, outcomes, silent, watched } from './watched.ts';

jest.setTimeout(120_000);

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
  receiver.answer = () => ({ status: 503 });
});
afterAll(() => receiver.close());

/** All that exports need is said, and they look five times a second. */
function remoteOn(folder: string): Env {
  return { ...tiersOn(folder), ...toBoth(receiver.url), OTEL_METRIC_EXPORT_INTERVAL: '200' };
}

test('while DO_NOT_TRACK forbids what is named, no command opens a socket or resolves a name', async () => {
  await withFolder(async (folder) => {
    const env = { ...remoteOn(folder), DO_NOT_TRACK: '1' };
    const run = await outcomeOfRun(folder, env);
    const help = (await projector(placesIn(folder), '--help').ended).stdout;
    // These have tests of their own below.
    const apart = ['demo', 'serve'];
    const commands = (await everyCommand(help)).filter((command) => ![...apart, 'run'].includes(command));
    const words = usefulWords(folder);
    const asked = commands.map((command) => [command, ...(words[command] ?? [])].join(' '));
    expect(await outcomes(folder, env, asked)).toEqual(silent(asked));
    expect(run).toEqual(['run', 0]);
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
  const end = `${new Date(events.at(-1).at).toISOString().slice(0, 19)}Z`;
  const report = `ao-projector-bug-report-${end.replace(/[-:]/g, '')}.zip`;
  return {
    ...{ session: [session], pr: [of('pr').raw.subject], explain: [of('pr').id], forget: ['--session', session] },
    ...{ funnel: ['session'], 'funnel lint': ['session'], 'funnel compare': ['session'] },
    ...{ 'why funnel': ['session', 'pr.observed'], 'failures show': [failureGroup(folder)] },
    ...{ 'rejected show': [rejectedPosition(folder)], 'bug-report': ['--now', end] },
    ...{ 'bug-report open': [report], replay: [report, '--no-play'] },
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
  const looking = ['rebuild', 'status', 'export status', 'export preview', 'export ledger'];
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
    const [, , ...sockets] = await outcomeOfRun(folder, env, {
      isLongEnough: () => receiver.received.length > 0,
    });
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
