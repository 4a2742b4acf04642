import { expect, jest, test } from '@jest/globals';
import { daemonProcess, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(120_000);

const idsOf = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id as string);

test('events --follow prints what is there and then all that comes, each once', async () => {
  await withFolder(async (folder) => {
    const env = tiersOn(folder);
    const daemon = daemonProcess(folder, '--seed', '7', '--version', '19', '--rate', '100', '--steps', '400');
    await daemon.says('ready');
    const tail = projector(env, 'run');
    await tail.says('Tailing');
    const following = projector(env, 'events', '--json', '--follow');
    let printed = '';
    following.child.stdout!.on('data', (chunk) => {
      printed += chunk;
    });
    await daemon.ended;
    const present = idsOf((await projector(env, 'events', '--json').ended).stdout);
    await until(() => present.every((id) => printed.includes(id)));
    expect((await following.stop()).code).toBe(0);
    await tail.stop();
    const told = idsOf(printed);
    expect(new Set(told).size).toBe(told.length);
    expect(present.length).toBeGreaterThan(100);
  });
});
