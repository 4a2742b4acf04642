import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MOST_ERRORS } from '../../projector/exports/batches.ts';
import { ledger } from '../../projector/exports/ledger.ts';
import { withFolder } from '../support/temporary.ts';
import { ExportedInstall } from './exported-install.ts';
import { Receiver } from './receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

/** An install whose receiver answers with a status, and how what it sends first ends after so many attempts. */
async function after(attempts: number, status: number): Promise<{ done: boolean; received: number; next: boolean }> {
  return await withFolder(async (folder) => {
    const env = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: receiver.url };
    const install = new ExportedInstall(folder, { seed: 3, version: 40, env });
    install.write(30);
    await install.settleAll();
    receiver.answer = () => ({ status });
    for (let attempt = 0; attempt < attempts; attempt++) await install.send('metrics');
    const { sent } = ledger(install.store.analytics, install.now(), 10);
    receiver.answer = () => ({});
    const next = (await install.send('metrics'))?.outcome === 'accepted';
    install.close();
    return { done: sent.at(-1)!.done, received: receiver.received.length, next };
  });
}

test(`what a receiver errs over ${MOST_ERRORS} times is given up, so that what comes after is sent`, async () => {
  expect(await after(MOST_ERRORS - 1, 500)).toMatchObject({ done: false, next: true });
  expect(await after(MOST_ERRORS, 500)).toMatchObject({ done: true, next: true });
});

test('what may pass is waited for, however often it fails', async () => {
  for (const status of [401, 429, 503]) {
    expect(await after(2 * MOST_ERRORS, status)).toMatchObject({ done: false, next: true });
  }
});
