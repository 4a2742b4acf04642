import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AsOf } from '../answers/source.ts';
import { collect } from '../bundle/collect.ts';
import { type Derived, derive } from '../bundle/derived.ts';
import type { BundleFacts } from '../bundle/facts.ts';
import { type Bundle, openBundle } from '../bundle/open.ts';
import { askProjected, placesOf, projectFacts } from '../bundle/project.ts';
import { withTemporaryFolder } from '../bundle/temporary-folder.ts';
import { rebuild } from '../pipeline/rebuild.ts';
import type { Paths } from '../store/paths.ts';
import { Store } from '../store/store.ts';
import { type Difference, firstDifference } from './difference.ts';

/** A history that was projected into a folder of its own, of which every answer can be asked while it is there. */
export interface Replayed {
  readonly paths: Paths;
  readonly asOf: AsOf;
  /** The moment by which open and quiet are judged, in milliseconds UTC. */
  readonly now: number;
  /** The facts under aliases. */
  readonly facts: BundleFacts;
  readonly derived: Derived;
  /** Null for a recorded history, which says nothing of what was derived. */
  readonly bundle: Bundle | null;
  /** Null where the facts of the bundle derive what the bundle says. */
  readonly difference: Difference | null;
}

/**
 * Projects a bundle, or a folder with an `ao.db`, into a temporary folder that is there while `use` runs. `stop` is aborted
 * when the process is told to stop.
 */
export function replaying<T>(path: string, use: (replayed: Replayed, stop: AbortSignal) => Promise<T> | T): Promise<T> {
  return withTemporaryFolder((folder, stop) => {
    const database = join(path, 'ao.db');
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() && existsSync(database);
    return use(isFolder ? recorded(database, folder) : bundled(openBundle(path), folder), stop);
  });
}

function bundled(bundle: Bundle, folder: string): Replayed {
  const now = bundle.manifest.made_at;
  const replayed = asked(projectFacts(folder, bundle.facts), now);
  return { ...replayed, facts: bundle.facts, bundle, difference: firstDifference(bundle.derived, replayed.derived) };
}

/** The files of a database are copied, so that not even a lock is left on them. */
function recorded(database: string, folder: string): Replayed {
  for (const suffix of ['', '-wal']) {
    if (existsSync(database + suffix)) copyFileSync(database + suffix, join(folder, `ao.db${suffix}`));
  }
  const paths = placesOf(folder);
  const replayed = { paths, bundle: null, difference: null };
  const store = Store.open({ paths, events: true, now: () => 0, pid: process.pid });
  try {
    for (const _ of rebuild(store));
    const { facts } = askProjected(paths, (source) => collect(paths, source, store.keys, Number.NEGATIVE_INFINITY));
    return { ...replayed, facts, ...asked(paths, null) };
  } finally {
    store.close();
  }
}

/** @param now null for the newest time in the history itself */
function asked(paths: Paths, now: number | null): Pick<Replayed, 'paths' | 'asOf' | 'now' | 'derived'> {
  return askProjected(paths, (source) => {
    const asOf = source.asOf();
    const moment = now ?? asOf.at ?? 0;
    return { paths, asOf, now: moment, derived: derive(source, moment) };
  });
}
