import { expect, test } from '@jest/globals';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { Random } from '../../../fixtures/random.ts';
import { Live } from '../../../projector/pipeline/live.ts';
import { begin, catchUp, openStore } from '../../properties/harness.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

test('tables that a migration bears on stay stale until they are made anew, whoever comes next', () => {
  withFolder((folder) => {
    const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 8 });
    for (const _ of history(daemon, new Random(8), { steps: 60 }));
    const store = openStore(folder);
    const live = begin(store);
    daemon.host.run(
      "INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (20, 1, '2026-06-18 08:00:00')",
    );
    const stale = expect.objectContaining({ name: 'StaleTables' }) as never;
    expect(() => catchUp(live)).toThrow(stale);
    live.reopen();
    expect(() => catchUp(live)).toThrow(stale);
    live.close();
    const next = new Live(store, 1, store.now);
    expect(() => catchUp(next)).toThrow(stale);
    next.close();
    const anew = begin(store);
    expect(() => catchUp(anew)).not.toThrow();
    anew.close();
    store.close();
    daemon.close();
  });
});
