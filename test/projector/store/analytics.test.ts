import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { openAnalytics } from '../../../projector/store/analytics.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

/** Is about to write to a new file, which is not in WAL mode yet, and lets go of it a little later. */
const WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const db = new (require('better-sqlite3'))(workerData);
  db.exec('CREATE TABLE made (by_another)');
  db.exec('BEGIN IMMEDIATE');
  parentPort.postMessage('writing');
  setTimeout(() => db.close(), 100);
`;

test('a new file that another process is about to write to is waited for', async () => {
  await withFolder(async (folder) => {
    const paths = pathsOf(placesIn(folder));
    const writer = new Worker(WRITER, { eval: true, workerData: paths.analytics });
    await once(writer, 'message');
    const analytics = openAnalytics(paths, 1);
    expect(analytics.pragma('journal_mode', { simple: true })).toBe('wal');
    analytics.close();
    await once(writer, 'exit');
  });
});
