import { join } from 'node:path';
import type { Filter } from '../../../projector/answers/filter.ts';
import { Source } from '../../../projector/answers/source.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { Store } from '../../../projector/store/store.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

/** A question about everything, asked so many seconds after the first row. */
export const everything = (seconds: number, more: Partial<Filter> = {}): Filter => ({
  ...{ since: null, until: null, project: null, by: null, now: ms(seconds) },
  ...more,
});

const TIERS = { metrics: true, events: true };

/** What is answered over a host database that has the projects `web` and `api` and that `write` fills, after a rebuild. */
export function asked<T>(write: (host: TinyHost) => TinyHost, ask: (source: Source) => T, version = 19): T {
  return withFolder((folder) => {
    const paths = pathsOf(placesIn(folder));
    const host = new TinyHost(join(folder, 'ao.db'), version).project('web', at('0')).project('api', at('0'));
    write(host).close();
    const store = Store.open({ paths, events: true, now: () => 0, pid: process.pid });
    for (const _ of rebuild(store));
    store.close();
    const source = Source.open(paths, TIERS);
    try {
      return ask(source);
    } finally {
      source.close();
    }
  });
}
