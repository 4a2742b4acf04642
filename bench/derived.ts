import Database from 'better-sqlite3';
import { pathsOf } from '../projector/store/paths.ts';
import { currentNumber } from '../projector/store/store.ts';

/** Opens the present derived file of a data directory to read it. */
export function openDerived(dataDir: string): Database.Database {
  const paths = pathsOf({ AO_DATA_DIR: dataDir });
  const analytics = new Database(paths.analytics, { readonly: true });
  const number = currentNumber(analytics);
  analytics.close();
  if (number === null) throw new Error(`Expected a derived file in ${dataDir}, found none`);
  return new Database(paths.derived(number), { readonly: true });
}
