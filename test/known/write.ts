import { loadKnown } from '../../fixtures/known.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { Store } from '../../projector/store/store.ts';
import { hostPath, placesIn } from '../support/processes.ts';

/** Writes the history with known answers into a data directory, and derives what follows from it. */
export function writeKnown(dataDir: string): void {
  loadKnown(hostPath(dataDir)).close();
  const store = Store.open({ paths: pathsOf(placesIn(dataDir)), events: true, now: () => 0, pid: process.pid });
  for (const _ of rebuild(store));
  store.close();
}
