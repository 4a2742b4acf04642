import { expect, jest, test } from '@jest/globals';
import { noteForgotten } from '../../projector/store/left-out-rows.ts';
import { type ExportedInstall, MINUTE_MS } from './exported-install.ts';
import type { Received } from './receiver.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

const FORGOTTEN = { project: 'web', session: 'web-1' };
const KEPT = { project: 'api', session: 'api-1' };

type Kind = 'project' | 'session';

test.each(['session', 'project'] as const)('nothing is sent any more of a %s that is forgotten', async (kind) => {
  await withInstall({}, async (install, { receiver }) => {
    begin(install);
    work(install);
    const [forgotten, kept] = [FORGOTTEN, KEPT].map((one) => hashOf(install, kind, one[kind]));
    const tells = (requests: readonly Received[], hash: string) => requests.some(({ text }) => text.includes(hash));
    await install.settle();
    for (const sink of ['logs', 'posthog'] as const) await install.send(sink);
    expect(tells(receiver.received, forgotten!)).toBe(true);

    work(install);
    await install.settle();
    receiver.answer = () => ({ status: 503 });
    await install.send('logs');
    work(install);
    await install.settle();
    forget(install, kind);
    receiver.answer = () => ({});
    const before = receiver.received.length;
    work(install);
    await install.finish();
    install.rebuild();
    work(install);
    await install.finish();
    expect(tells(receiver.received.slice(before), kept!)).toBe(true);
    expect(tells(receiver.received.slice(before), forgotten!)).toBe(false);
  });
});

test('the ledger keeps when and where events were sent, and not what they were', async () => {
  await withInstall({}, async (install) => {
    begin(install);
    work(install);
    await install.finish();
    const sent = ledger(install);
    forget(install, 'session');
    expect(sent.map(({ sink }) => sink)).toEqual(expect.arrayContaining(['metrics', 'logs', 'posthog']));
    expect(ledger(install)).toEqual(sent.map((one) => (one.sink === 'metrics' ? one : { ...one, bytes: 0 })));
  });
});

test('what is forgotten in the middle of looking through what has settled is not sent', async () => {
  await withInstall({}, async (install, { receiver }) => {
    begin(install);
    const { daemon } = install;
    daemon.host.together(() => {
      for (let wait = 0; wait < 1_100; wait++) {
        for (const state of ['waiting_input', 'active'] as const) daemon.sessions.signal(KEPT.session, state);
      }
    });
    work(install);
    const hash = hashOf(install, 'session', FORGOTTEN.session);
    install.later(60 * MINUTE_MS);
    const settling = install.settle();
    forget(install, 'session');
    await settling;
    for (const sink of ['logs', 'posthog'] as const) await install.send(sink);
    expect(receiver.received.some(({ text }) => text.includes('ao.session.waiting_input_exited'))).toBe(true);
    expect(receiver.received.some(({ text }) => text.includes(hash))).toBe(false);
  });
});

function begin({ daemon }: ExportedInstall): void {
  daemon.lifecycle.start();
  for (const { project, session } of [FORGOTTEN, KEPT]) {
    daemon.projects.add(project);
    expect(daemon.spawns.spawn(project)).toBe(session);
  }
}

/** Both sessions wait for their user once, and what was before that settles. */
function work(install: ExportedInstall): void {
  install.later(15 * MINUTE_MS);
  for (const state of ['waiting_input', 'active'] as const) {
    for (const { session } of [FORGOTTEN, KEPT]) install.daemon.hook(session, state);
    install.later(MINUTE_MS);
  }
  install.follow();
}

function forget({ store }: ExportedInstall, kind: Kind): void {
  const hash =
    kind === 'session' ? store.keys.session(FORGOTTEN.session) : String(store.keys.project(FORGOTTEN.project));
  noteForgotten(store.analytics, { kind, hash });
}

/** How events name a session or project. */
function hashOf(install: ExportedInstall, kind: Kind, raw: string): string {
  return install.derived().find((event) => event.raw![kind] === raw)![kind]!;
}

function ledger({ store }: ExportedInstall) {
  return store.analytics
    .prepare<[], { sink: string; bytes: number }>(
      'SELECT sink, destination, made_at, tried_at, items, result, length(payload) AS bytes FROM export_batch WHERE done = 1',
    )
    .all();
}
