import { expect, test } from '@jest/globals';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { HostDatabase } from '../../../projector/host/host-database.ts';
import { Engine } from '../../../projector/pipeline/engine.ts';
import { DerivedFile } from '../../../projector/store/derived/derived-file.ts';
import { openStore } from '../../properties/harness.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

test('a project that was journaled has its raw id, even where nothing that came of it was committed', () => {
  withFolder((folder) => {
    const daemon = Daemon.create(hostPath(folder), { version: 19 });
    daemon.lifecycle.start();
    daemon.projects.add('web');
    daemon.close();
    const store = openStore(folder);
    const { journal, keys, identities, now } = store;
    const host = HostDatabase.open(store.paths.host);
    const derived = DerivedFile.create(store.paths.derived(1), store.derivedOptions());
    new Engine({ host, journal, derived, keys, identities, now }).step();
    // Here the process ends.
    host.close();
    derived.close();
    const raw = store.analytics.prepare<[], string>("SELECT raw FROM identity WHERE kind = 'project'").pluck().all();
    expect(journal.observed('project')).toHaveLength(1);
    expect(raw).toEqual(['web']);
    store.close();
  });
});
