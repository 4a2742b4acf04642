import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hostVersion } from '../../fixtures/daemon/schema.ts';
import { install, uninstall } from '../../triggers/install.ts';
import { writeHost } from '../../triggers/write-host.ts';

/** A process to be killed: installs, and stops before the commit; or installs and uninstalls without an end. */
const { values } = parseArgs({ options: { path: { type: 'string' }, endless: { type: 'boolean', default: false } } });
const path = values.path ?? '';
const options = { whileRunning: false, daemon: null };

function installAndWait(): void {
  writeHost(path, options, (db) => {
    // A cache this small is spilled, so that pages of the open transaction stand in the WAL already.
    db.pragma('cache_size = 1');
    install(db, hostVersion(db), Date.now());
    writeSync(1, 'installed\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}

function alternate(): void {
  for (let times = 0; ; times++) {
    writeHost(path, options, (db) => install(db, hostVersion(db), Date.now()));
    if (times === 0) writeSync(1, 'installed\n');
    writeHost(path, options, (db) => uninstall(db, Date.now()));
  }
}

if (values.endless) alternate();
else installAndWait();
