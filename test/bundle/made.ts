import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { FILE_NAMES } from '../../projector/bundle/files.ts';
import { type Made, makeBundle } from '../../projector/bundle/make.ts';
import { describeFile, type Manifest, manifestText } from '../../projector/bundle/manifest.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { EVENTS_TIER } from '../support/command-line.ts';
import { placesIn } from '../support/processes.ts';
import { derivedHistory } from './history.ts';

let projections = 0;

/** A bundle of what was derived in a folder, of a window between two times in milliseconds UTC. */
export function madeIn(folder: string, since: number, now: number): Made {
  projections += 1;
  const projected = join(folder, `projected-${projections}`);
  mkdirSync(projected);
  return makeBundle({ paths: pathsOf(placesIn(folder)), tiers: EVENTS_TIER, since, now, folder: projected });
}

/** A bundle of a whole small history of the model. */
export function madeOfHistory(folder: string, seed = 7): Made {
  const now = derivedHistory(folder, { seed, version: 82, steps: 120, triggers: true });
  return madeIn(folder, 0, now);
}

export type Texts = Record<string, string>;

/** The files of a zip as texts. */
export function textsIn(bytes: Uint8Array): Texts {
  return Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, file]) => [name, Buffer.from(file).toString()]),
  );
}

/** A zip of these texts, whatever they are. */
export function zipOf(texts: Texts): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)])));
}

/** A zip of these texts with a manifest that describes them, as somebody could make who knows how. */
export function forged(texts: Texts, change: (manifest: Manifest) => object = (manifest) => manifest): Uint8Array {
  const { digest: _, ...manifest } = JSON.parse(texts['manifest.json']!);
  const files = FILE_NAMES.filter((name) => name !== 'manifest.json' && texts[name] !== undefined).map((name) =>
    describeFile(name, Buffer.from(texts[name]!)),
  );
  return zipOf({ ...texts, 'manifest.json': manifestText(change({ ...manifest, files }) as Manifest) });
}
