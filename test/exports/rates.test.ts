import { expect, jest, test } from '@jest/globals';
import { BURST, DAILY, Rates } from '../../projector/exports/rates.ts';
import { openStore } from '../properties/harness.ts';
import { withFolder } from '../support/temporary.ts';
import type { Backend } from './backend.ts';
import { expectEqualSums } from './equal-sums.ts';
import { DAY_MS, type ExportedInstall, HOUR_MS, MINUTE_MS } from './exported-install.ts';
import { eventsOf, type SentEvent } from './sums.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

const MISTAKE = 'ao.cli.exit_2';

test('a storm of 500 events within a minute goes out as 20 events and one that stands for 480', async () => {
  await withInstall({}, async (install, backend) => {
    const consent = install.moment();
    toNext(MINUTE_MS, install);
    const begins = install.now();
    mistakes(install, Array(500).fill(100));
    await install.finish();
    for (const [path, name] of [
      ['/v1/logs', (field: string) => `ao.${field}`],
      ['/batch/', (field: string) => field],
    ] as const) {
      const sent = sentMistakes(backend, path);
      const single = sent.filter(({ attributes }) => attributes[name('command')] === 'ao spawn');
      const many = sent.filter((event) => !single.includes(event));
      expect(single).toHaveLength(BURST);
      expect(many.map(({ attributes }) => attributes)).toMatchObject([
        {
          [name('count')]: 480,
          [name('window_start')]: begins + 20 * 100,
          [name('window_end')]: begins + 499 * 100,
        },
      ]);
      expect(many[0]!.attributes).not.toHaveProperty([name('subject')]);
    }
    expectEqualSums(install, backend, consent);
  });
});

test('of one name a thousand events go out one by one on a day, and the others by the minute', async () => {
  await withInstall({}, async (install, backend) => {
    const consent = install.moment();
    toNext(DAY_MS, install);
    const everyFourSeconds = Array(15).fill(MINUTE_MS / 15);
    mistakes(install, Array(80).fill(everyFourSeconds).flat());
    toNext(DAY_MS, install);
    mistakes(install, everyFourSeconds);
    await install.finish();
    const sent = sentMistakes(backend, '/v1/logs');
    const many = sent.filter(({ attributes }) => 'ao.count' in attributes);
    expect(sent.length - many.length).toBe(DAILY + 15);
    // The 67th minute is the one in which the thousandth comes.
    expect(many.map(({ count }) => count)).toEqual([5, ...Array(13).fill(15)]);
    expectEqualSums(install, backend, consent);
  });
});

test('an event of a minute that stands in a batch already goes out in another', async () => {
  await withInstall({}, async (install, backend) => {
    const consent = install.moment();
    toNext(MINUTE_MS, install);
    mistakes(install, Array(30).fill(100));
    install.later(20 * MINUTE_MS);
    await install.settle();
    expect(await install.sendAndLose('logs')).toMatchObject({ outcome: 'accepted' });
    // The clock is set back, and the minute comes again.
    install.later(-20 * MINUTE_MS);
    mistakes(install, Array(30).fill(100));
    await install.finish();
    const many = sentMistakes(backend, '/v1/logs').filter(({ attributes }) => 'ao.count' in attributes);
    expect(many.map(({ count }) => count)).toEqual([10, 30]);
    expectEqualSums(install, backend, consent);
  });
});

test('so many go one by one, in a minute and in a day, of each name', () => {
  withFolder((folder) => {
    const store = openStore(folder);
    const rates = new Rates(store.analytics);
    const taken = (name: string, at: number, count: number) =>
      Array.from({ length: count }, () => rates.take(name, at)).filter(Boolean).length;
    expect(taken('a', 0, 50)).toBe(BURST);
    expect(taken('a', MINUTE_MS - 1, 50)).toBe(0);
    expect(taken('a', MINUTE_MS, 50)).toBe(BURST);
    expect(taken('b', 0, 50)).toBe(BURST);
    const perMinute = Array.from({ length: 60 }, (_, minute) => taken('c', HOUR_MS + minute * MINUTE_MS, 50));
    expect(perMinute).toEqual([...Array(DAILY / BURST).fill(BURST), ...Array(60 - DAILY / BURST).fill(0)]);
    expect(taken('c', DAY_MS - 1, 1)).toBe(0);
    expect(taken('c', DAY_MS, 1)).toBe(1);
    store.close();
  });
});

/** The clock goes on to the next whole minute or day. */
function toNext(spanMs: number, install: ExportedInstall): void {
  install.later(spanMs - (install.now() % spanMs));
}

/** Commands that cannot be parsed; so long after each the next one comes, in milliseconds. */
function mistakes(install: ExportedInstall, pauses: readonly number[]): void {
  const { host, cli } = install.daemon;
  host.together(() => {
    for (const pause of pauses) {
      cli.usageError('ao spawn');
      host.pass(pause);
    }
  });
  install.follow();
}

function sentMistakes(backend: Backend, path: '/v1/logs' | '/batch/'): SentEvent[] {
  return eventsOf(backend.accepted(path)).filter(({ name }) => name === MISTAKE);
}
