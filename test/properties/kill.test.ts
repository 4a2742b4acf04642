import { expect, jest, test } from '@jest/globals';
import { Random } from '../../fixtures/random.ts';
import { HostDatabase } from '../../projector/host/host-database.ts';
import { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { daemonProcess, hostPath, pause, projector, tiersOn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { catchUp, openStore } from './harness.ts';

const KILLS = 54;
const LONGEST_LIFE_MS = 600;

jest.setTimeout(180_000);

test(`killed ${KILLS} times beside a living daemon, nothing is lost and nothing doubled`, async () => {
  await withFolder(async (folder) => {
    const random = new Random(54);
    let daemon = daemonProcess(folder, '--seed', '54', '--version', '19', '--rate', '150');
    await daemon.says('ready');
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const command = kill % 9 === 8 ? 'rebuild' : 'run';
      const process = projector(tiersOn(folder), command);
      await pause(random.between(100, LONGEST_LIFE_MS));
      const { signal } = await process.stop('SIGKILL');
      killed += Number(signal === 'SIGKILL');
      if (kill % 18 === 17) {
        await daemon.stop('SIGKILL');
        daemon = daemonProcess(folder, '--seed', String(kill), '--version', '19', '--rate', '150');
        await daemon.says('ready');
      }
    }
    await daemon.stop();
    expect(killed).toBeGreaterThanOrEqual(50);
    expect(lastSeq(folder)).toBeGreaterThan(1_000);
    expect(liveAndRebuilt(folder)).toEqual([]);
  });
});

function lastSeq(folder: string): number {
  const host = HostDatabase.open(hostPath(folder));
  try {
    return host.look(({ changes }) => changes.head());
  } finally {
    host.close();
  }
}

/** Goes on from what the last killed process left, and holds that against one rebuild. */
function liveAndRebuilt(folder: string): string[] {
  const store = openStore(folder);
  try {
    const present = store.current();
    if ('stale' in present) throw new Error(`Expected a derived file, found that ${present.stale}`);
    const live = new Live(store, present.number, () => 0);
    catchUp(live);
    live.close();
    const ofLive = derivedRows(store.paths.derived(present.number));
    for (const _ of rebuild(store));
    const rebuilt = store.current() as { number: number };
    expect(ofLive.length).toBeGreaterThan(500);
    return differences(ofLive, derivedRows(store.paths.derived(rebuilt.number)));
  } finally {
    store.close();
  }
}
