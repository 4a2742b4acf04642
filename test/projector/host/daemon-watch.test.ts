import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DaemonWatch } from '../../../projector/host/daemon-watch.ts';
import { withFolder } from '../../support/temporary.ts';

const NOW = Date.UTC(2026, 5, 18, 15);
const FIRST = '2026-06-18T12:00:00.123456Z';
const SECOND = '2026-06-18T13:00:00Z';

/** Looks at a run file that the test writes; `dead` are the processes that are gone. */
function watched(
  use: (file: { write: (text: string) => void; remove: () => void; dead: Set<number> }, look: () => string[]) => void,
) {
  withFolder((folder) => {
    const path = join(folder, 'running.json');
    const dead = new Set<number>();
    const watch = new DaemonWatch(
      path,
      () => NOW,
      (pid) => !dead.has(pid),
    );
    const file = { write: (text: string) => writeFileSync(path, text), remove: () => rmSync(path), dead };
    use(file, () => watch.look().map(({ name, at, nanos }) => `${name} ${new Date(at).toISOString()} ${nanos}`));
  });
}

const run = (pid: number, startedAt: string) => JSON.stringify({ pid, port: 3001, startedAt });

describe('a run file', () => {
  test('with a live daemon says once that it is up, and since when', () => {
    watched(({ write }, look) => {
      expect(look()).toEqual([]);
      write(run(7, FIRST));
      expect(look()).toEqual(['observed.daemon_started 2026-06-18T12:00:00.123Z 456000']);
      expect(look()).toEqual([]);
    });
  });

  test('that goes says when it went', () => {
    watched(({ write, remove }, look) => {
      write(run(7, FIRST));
      look();
      remove();
      expect(look()).toEqual(['observed.daemon_stopped 2026-06-18T15:00:00.000Z 0']);
      expect(look()).toEqual([]);
    });
  });

  test('whose daemon died says once that it was left behind, at the first look or later', () => {
    watched(({ write, dead }, look) => {
      write(run(7, FIRST));
      look();
      dead.add(7);
      expect(look()).toEqual(['observed.daemon_left 2026-06-18T12:00:00.123Z 456000']);
      expect(look()).toEqual([]);
      dead.add(8);
      write(run(8, SECOND));
      expect(look()).toEqual(['observed.daemon_left 2026-06-18T13:00:00.000Z 0']);
    });
  });

  test('that was left behind and goes is no stop', () => {
    watched(({ write, remove, dead }, look) => {
      dead.add(7);
      write(run(7, FIRST));
      look();
      remove();
      expect(look()).toEqual([]);
    });
  });

  test('of the next daemon is another start, even of the same process number', () => {
    watched(({ write }, look) => {
      write(run(7, FIRST));
      look();
      write(run(7, SECOND));
      expect(look()).toEqual(['observed.daemon_started 2026-06-18T13:00:00.000Z 0']);
    });
  });

  test.each([
    '',
    '{',
    '[]',
    '{"pid":"7","startedAt":"2026-06-18T12:00:00Z"}',
    '{"pid":0}',
    '{"pid":7}',
    '{"pid":7,"startedAt":"soon"}',
  ])('that holds %p says nothing', (text) => {
    watched(({ write }, look) => {
      write(text);
      expect(look()).toEqual([]);
    });
  });
});

test('each fact is one for ever, whoever looks how often', () => {
  withFolder((folder) => {
    const path = join(folder, 'running.json');
    writeFileSync(path, run(7, FIRST));
    const identities = [1, 2].map(
      () =>
        new DaemonWatch(
          path,
          () => NOW,
          () => true,
        ).look()[0]?.identity,
    );
    expect(identities[0]).toBe(identities[1]);
    const dead = new DaemonWatch(
      path,
      () => NOW,
      () => false,
    ).look()[0]?.identity;
    expect(dead).not.toBe(identities[0]);
  });
});
