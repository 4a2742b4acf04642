import { expect, jest, test } from '@jest/globals';
import { loadKnown } from '../../fixtures/known.ts';
import { hostPath, pause, projector, tiersOn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

jest.setTimeout(30_000);

async function isServed(origin: string): Promise<boolean> {
  return await fetch(`${origin}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('`run --serve` serves until it is stopped, and ends', async () => {
  await withFolder(async (folder) => {
    loadKnown(hostPath(folder)).close();
    const run = projector(tiersOn(folder), 'run', '--serve');
    const { origin } = new URL(await run.firstLine());
    await run.says('Tailing');
    expect(await isServed(origin)).toBe(true);
    expect(await run.stop()).toMatchObject({ code: 0 });
    expect(await isServed(origin)).toBe(false);
  });
});

test('where `run` is killed, what it served ends by itself', async () => {
  await withFolder(async (folder) => {
    loadKnown(hostPath(folder)).close();
    const run = projector(tiersOn(folder), 'run', '--serve');
    const { origin } = new URL(await run.firstLine());
    expect(await isServed(origin)).toBe(true);
    run.child.kill('SIGKILL');
    for (let tries = 0; await isServed(origin); tries++) {
      expect(tries).toBeLessThan(500);
      await pause(20);
    }
  });
});

test('a port that is taken is told by `serve`, and the tail goes on without a page', async () => {
  await withFolder(async (folder) => {
    loadKnown(hostPath(folder)).close();
    const first = projector(tiersOn(folder), 'serve');
    const { port } = new URL(await first.firstLine());
    const second = await projector(tiersOn(folder), 'serve', '--port', port).ended;
    expect(second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`listens on port ${port}`) });
    const run = projector(tiersOn(folder), 'run', '--port', port);
    await run.says('The page is not served any more; the tail goes on.');
    await run.says('Tailing');
    expect(await run.stop()).toMatchObject({ code: 0 });
    await first.stop();
  });
});
