import { expect, test } from '@jest/globals';
import { withFolder } from '../support/temporary.ts';
import { ExportedInstall } from './exported-install.ts';
import { Receiver } from './receiver.ts';
import { totals } from './sums.ts';

const WEEKEND_MS = 60 * 3_600_000;

test('ends that are told another cause are none of the one before', async () => {
  const receiver = await Receiver.start();
  await withFolder(async (folder) => {
    const env = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: receiver.url };
    const install = new ExportedInstall(folder, { seed: 1, version: 19, env });
    const { daemon } = install;
    const ends = async () => {
      await install.settle();
      await install.send('metrics');
      const found = Object.entries(totals(receiver.accepted)).filter(([key]) => key.startsWith('ao.session.ends'));
      return Object.fromEntries(found.map(([key, count]) => [/end_cause":"(\w+)/.exec(key)![1], count]));
    };
    daemon.lifecycle.start();
    daemon.projects.add('web');
    for (let count = 0; count < 2; count++) daemon.spawns.spawn('web');
    daemon.lifecycle.stop();
    install.follow();
    install.later(WEEKEND_MS);
    expect(await ends()).toEqual({ unknown: 2 });
    // Sessions come back with the next start, which tells that it was the stop that ended them.
    daemon.host.pass(WEEKEND_MS);
    daemon.lifecycle.start();
    install.follow();
    expect(await ends()).toEqual({ unknown: 0, daemon_stop: 2 });
    install.restart();
    expect(await ends()).toEqual({ unknown: 0, daemon_stop: 2 });
    install.close();
  });
  await receiver.close();
});
