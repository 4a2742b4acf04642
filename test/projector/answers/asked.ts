import type { Filter } from '../../../projector/answers/filter.ts';
import { Source } from '../../../projector/answers/source.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { type Paths, pathsOf } from '../../../projector/store/paths.ts';
import { Store } from '../../../projector/store/store.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

/** A question about everything, asked so many seconds after the first row. */
export const everything = (seconds: number, more: Partial<Filter> = {}): Filter => ({
  ...{ since: null, until: null, project: null, by: null, now: ms(seconds) },
  ...more,
});

/** What is answered over a host database that has the projects `web` and `api` and that `write` fills, after a rebuild. */
export function asked<T>(
  write: (host: TinyHost) => TinyHost,
  ask: (source: Source, paths: Paths) => T,
  version = 19,
  events = true,
): T {
  const make = (path: string) => {
    const host = new TinyHost(path, version).project('web', at('0')).project('api', at('0'));
    write(host).close();
  };
  return askedOver(make, ask, events);
}

/** What is answered over the host database that `make` makes, after a rebuild; with `events` raw ids are kept and shown. */
export function askedOver<T>(make: (path: string) => void, ask: (source: Source, paths: Paths) => T, events = true): T {
  return withFolder((folder) => {
    const paths = pathsOf(placesIn(folder));
    make(paths.host);
    const store = Store.open({ paths, events, now: () => 0, pid: process.pid });
    for (const _ of rebuild(store));
    store.close();
    const source = Source.open(paths, { metrics: true, events, remote: [] });
    try {
      return ask(source, paths);
    } finally {
      source.close();
    }
  });
}
