import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import type { Random } from '../../../fixtures/random.ts';
import { eventByName } from '../../../projections/vocabulary.ts';
import { hostPath, projector, tiersOn } from '../../support/processes.ts';
import { STEPS_BESIDE } from '../data-directory.ts';
import { failingCommands } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell, endOf, expectThat, nothingLost } from '../verdict.ts';

const INSTALL = ['triggers', 'install'];

export const installationKilled: Fault = {
  name: '`kill -9` of `triggers install`, before each write and sync in turn',
  expected: 'all triggers are there or none; it can be done again, and the daemon goes on writing',
  times: { whole: 50, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    const failure = { names: 'ao.db', on: 'write', how: 'kill' } as const;
    let found = '';
    const afterwards = async (folder: string) => {
      found = await stateOf(folder);
      endedWell(await endOf(projector(tiersOn(folder), ...INSTALL)), 0);
      const again = await stateOf(folder);
      expectThat(again === 'ok', () => `Expected the triggers to be whole, found them ${again}`);
      writeOn(folder, random);
      // Of failures and acts the independent reading knows the daemon's own records alone.
      nothingLost(folder, (name) => eventByName(name)?.category === 'funnel');
    };
    for await (const { signal } of failingCommands({ random, derived: true }, failure, INSTALL, times, afterwards)) {
      expectThat(signal === 'SIGKILL', () => 'Expected it to be killed');
      yield found === 'ok' ? 'killed after its commit; nothing lost' : 'killed, and no trigger was there; nothing lost';
    }
  },
};

/** What `triggers verify` says; throws where it finds anything between all and none. */
async function stateOf(folder: string): Promise<string> {
  const ended = await endOf(projector(tiersOn(folder), 'triggers', 'verify', '--json'));
  expectThat(ended.code === 0, () => `Expected all triggers or none, got ${ended.stdout}${ended.stderr}`);
  return (JSON.parse(ended.stdout) as { state: string }).state;
}

function writeOn(folder: string, random: Random): void {
  const daemon = Daemon.open(hostPath(folder), { seed: 3 });
  const integrity = daemon.host.db.pragma('integrity_check', { simple: true });
  for (const _ of history(daemon, random, { steps: STEPS_BESIDE }));
  daemon.close();
  expectThat(integrity === 'ok', () => `Expected a whole database, got ${integrity}`);
}
