import { expect, test } from '@jest/globals';
import { beginKnown } from '../../fixtures/known.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { begin, catchUp, openStore } from '../properties/harness.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { hostPath } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

test('the history read line by line as it is written tells what one rebuild tells', () => {
  withFolder((folder) => {
    const { db, lines } = beginKnown(hostPath(folder));
    const store = openStore(folder);
    const live = begin(store);
    let looks = 0;
    for (const _ of lines) {
      catchUp(live);
      looks += 1;
    }
    live.close();
    const ofLive = derivedRows(store.paths.derived((store.current() as { number: number }).number));
    for (const _ of rebuild(store));
    const rebuilt = derivedRows(store.paths.derived((store.current() as { number: number }).number));
    store.close();
    db.close();
    expect(looks).toBeGreaterThan(200);
    expect(ofLive.length).toBeGreaterThan(154);
    expect(differences(ofLive, rebuilt)).toEqual([]);
  });
});
