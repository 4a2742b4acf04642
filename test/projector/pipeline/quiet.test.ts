import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { HostDatabase } from '../../../projector/host/host-database.ts';
import { fileSignature } from '../../../projector/pipeline/file-signature.ts';
import { begin, openStore } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

test('a signature tells a commit and another file, and no checkpoint', () => {
  withFolder((folder) => {
    const [file, wal] = [join(folder, 'ao.db'), join(folder, 'ao.db-wal')];
    writeFileSync(file, 'a page');
    const closed = fileSignature(file);
    writeFileSync(wal, 'a commit');
    const open = fileSignature(file);
    expect(open).not.toBe(closed);
    appendFileSync(file, ', and another by a checkpoint');
    expect(fileSignature(file)).toBe(open);
    appendFileSync(wal, ', and another commit');
    const later = fileSignature(file);
    expect(later).not.toBe(open);
    writeFileSync(`${file}.other`, 'a page');
    renameSync(`${file}.other`, file);
    expect(fileSignature(file)).not.toBe(later);
    rmSync(wal);
    const stopped = fileSignature(file);
    appendFileSync(file, ', and another without a WAL');
    expect(fileSignature(file)).not.toBe(stopped);
  });
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
