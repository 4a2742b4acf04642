import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import { openHost } from '../../fixtures/daemon/schema.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { presentObjects, verify } from '../../triggers/verify.ts';
import { pause } from '../support/processes.ts';
import { Host, installOn, rowsOf, schemaOf, withHost } from './support.ts';

jest.setTimeout(60_000);

/** Starts an installation in a process of its own; resolves once it has written. */
async function installing(path: string, ...args: string[]): Promise<ChildProcess> {
  const script = packagePath('test', 'triggers', 'installing-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--path', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout!, 'data');
  expect(String(said)).toBe('installed\n');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  expect((await closed)[1]).toBe('SIGKILL');
}

test('killed before its commit, an installation has changed nothing', async () => {
  await withHost(82, async (db, path) => {
    const before = [schemaOf(db), rowsOf(db)];
    db.close();
    await kill(await installing(path));
    const host = openHost(path);
    expect([schemaOf(host), rowsOf(host)]).toEqual(before);
    expect(verify(host).state).toBe('none');
    expect(host.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(installOn(host)).toBe(13);
    host.close();
  });
});

test.each([0, 3, 7, 13])('killed at any moment, it is whole or not there: after %i ms', async (ms) => {
  await withHost(82, async (db, path) => {
    const schema = schemaOf(db);
    db.close();
    const child = await installing(path, '--endless');
    await pause(ms);
    await kill(child);
    const host = openHost(path);
    expect([0, 13]).toContain(presentObjects(host).length);
    expect(schemaOf(host)).toHaveLength(schema.length + presentObjects(host).length);
    expect(['none', 'ok']).toContain(verify(host).state);
    expect(host.pragma('integrity_check', { simple: true })).toBe('ok');
    installOn(host);
    expect(verify(host).state).toBe('ok');
    const daemon = new Host(host);
    expect(daemon.adds(() => daemon.insert('projects', { id: 'web', path: '/', registered_at: 'x' }))).toHaveLength(1);
    host.close();
  });
});
