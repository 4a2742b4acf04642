import { openAnalytics } from '../../../projector/store/analytics.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { currentNumber } from '../../../projector/store/store.ts';
import { derivedRows, differences } from '../../support/derived-tables.ts';
import { pause, placesIn, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { Backlog } from '../backlog.ts';
import { goesOn, positionOf, tail } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { becomes, endedWell, endOf, expectThat } from '../verdict.ts';

const FIRST_ROWS = 2_000;
const CATCH_UP_MS = 120_000;

const A_SECOND = 10_000;
const WRITTEN_EVERY_MS = 10;
const SECONDS = { whole: 60, short: 2 } as const;

export const manyRowsASecond: Fault = {
  name: '10,000 rows a second for a minute, beside `run`',
  expected: '`run` reads them all, and the tables are those of one rebuild',
  times: { whole: 1, short: 1 },
  async *provoke({ extent, random }) {
    yield await withFolder(async (folder) => {
      const rows = FIRST_ROWS + A_SECOND * SECONDS[extent];
      const log = new Backlog(folder, { rows, first: FIRST_ROWS, seed: random.uint32() });
      await rebuilt(folder);
      const running = await tail(folder);
      const began = performance.now();
      while (log.last < rows && goesOn(running)) {
        const due = FIRST_ROWS + Math.floor(((performance.now() - began) / 1_000) * A_SECOND);
        if (due > log.last) log.handOut(due - log.last);
        await pause(WRITTEN_EVERY_MS);
      }
      await becomes('it reads all', () => !goesOn(running) || positionOf(folder) === rows, CATCH_UP_MS);
      endedWell(await running.stop(), 0);
      log.close();
      await likeOneRebuild(folder);
      return 'read all; nothing lost';
    });
  },
};

const BEHIND = { whole: 1_000_000, short: 30_000 } as const;
const KILLS = { whole: 3, short: 1 } as const;

export const farBehind: Fault = {
  name: '`run` one million rows behind, and killed on the way',
  expected: '`run` catches up from the last commit, and the tables are those of one rebuild',
  times: { whole: 1, short: 1 },
  async *provoke({ extent, random }) {
    yield await withFolder(async (folder) => {
      const rows = FIRST_ROWS + BEHIND[extent];
      const log = new Backlog(folder, { rows, first: FIRST_ROWS, seed: random.uint32() });
      await rebuilt(folder);
      log.handOut(rows);
      log.close();
      for (let kill = 0; kill < KILLS[extent]; kill++) {
        const killed = await tail(folder);
        const before = positionOf(folder);
        await becomes('it commits something', () => positionOf(folder) > before || positionOf(folder) === rows);
        await killed.stop('SIGKILL');
      }
      const running = await tail(folder);
      await becomes('it catches up', () => !goesOn(running) || positionOf(folder) === rows, CATCH_UP_MS);
      endedWell(await running.stop(), 0);
      await likeOneRebuild(folder);
      return 'caught up; nothing lost';
    });
  },
};

async function rebuilt(folder: string): Promise<void> {
  endedWell(await endOf(projector(tiersOn(folder), 'rebuild')), 0);
}

/** As `nothingLost`, of more rows than the independent reading has time for. */
async function likeOneRebuild(folder: string): Promise<void> {
  const ofLive = derivedRows(presentFile(folder));
  await rebuilt(folder);
  const unlike = differences(ofLive, derivedRows(presentFile(folder)));
  expectThat(unlike.length === 0, () => `Expected the tables of one rebuild, got ${unlike.join('; ')}`);
}

function presentFile(folder: string): string {
  const paths = pathsOf(placesIn(folder));
  const analytics = openAnalytics(paths, Date.now());
  try {
    return paths.derived(currentNumber(analytics)!);
  } finally {
    analytics.close();
  }
}
