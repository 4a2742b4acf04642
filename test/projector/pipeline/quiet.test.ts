import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { HostDatabase } from '../../../projector/host/host-database.ts';
import { isCheckpoint } from '../../../projector/pipeline/file-signature.ts';
import { begin, openStore } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

test('another file in the place of the database is no checkpoint, whatever its WAL', () => {
  expect(isCheckpoint('7:4096:1 9:100:1', '7:8192:2 9:100:1')).toBe(true);
  expect(isCheckpoint('7:4096:1 9:100:1', '8:4096:2 9:100:1')).toBe(false);
  expect(isCheckpoint('7:4096:1 9:100:1', '7:4096:2 9:200:2')).toBe(false);
  expect(isCheckpoint('7:4096:1 none', '7:4096:2 none')).toBe(false);
});

test('while it is quiet a checkpoint is no reason to open the database, and a commit is', () => {
  withFolder((folder) => {
    const { AO_RUN_FILE: runFile } = placesIn(folder);
    const daemon = Daemon.create(join(folder, 'ao.db'), { version: 19, seed: 9, runFile });
    daemon.projects.add('web');
    let now = Date.now();
    const store = openStore(folder, () => now);
    const live = begin(store);
    const opened = jest.spyOn(HostDatabase, 'open');
    try {
      while (live.cycle().pace !== 'quiet') now += 1_000;
      opened.mockClear();
      daemon.host.db.pragma('wal_checkpoint(PASSIVE)');
      expect(live.cycle()).toEqual({ rows: 0, pace: 'quiet' });
      expect(opened).not.toHaveBeenCalled();
      daemon.projects.add('api');
      live.cycle();
      expect(opened).toHaveBeenCalledTimes(1);
    } finally {
      opened.mockRestore();
      live.close();
      store.close();
      daemon.close();
    }
  });
});
