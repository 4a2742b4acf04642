import { readFileSync, statSync } from 'node:fs';
import { ProjectorError } from '../errors.ts';
import { type Derived, readDerived } from './derived.ts';
import type { BundleFacts } from './facts.ts';
import { type FileName, MAX_ZIP_BYTES } from './files.ts';
import { checkFiles, type Manifest, readManifest } from './manifest.ts';
import { invalidBundle } from './problem.ts';
import { readFacts } from './read-facts.ts';
import { unzip } from './zip.ts';

/** A bundle that was read, and is known to be whole. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly facts: BundleFacts;
  readonly derived: Derived;
}

/** Reads the bundle in a file; throws a {@link ProjectorError} where it is none. Nothing is written. */
export function openBundle(path: string): Bundle {
  return readBundle(readZip(path));
}

/** Reads a bundle; throws a {@link ProjectorError} where the bytes are none. */
export function readBundle(bytes: Uint8Array): Bundle {
  const { files, others } = unzip(bytes);
  const text = (name: FileName) => decode(name, files.get(name)!);
  if (!files.has('manifest.json')) throw invalidBundle('The zip', 'manifest.json', 'no such file');
  const manifest = readManifest(text('manifest.json'));
  checkFiles(manifest, files, others);
  const facts = readFacts(lines(text('change_log.ndjson')), lines(text('journal.ndjson')));
  const derived = readDerived(lines(text('events.ndjson')), text('failures.json'));
  checkCounts(manifest, facts, derived);
  return { manifest, facts, derived };
}

function readZip(path: string): Uint8Array {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    throw new ProjectorError({
      code: 'bundle_missing',
      message: `There is no bug report at ${path}.`,
      expected: 'a file that `ao-projector bug-report` wrote',
      found: found ? 'no file' : 'nothing',
      remedy: 'Check the path.',
    });
  }
  if (found.size > MAX_ZIP_BYTES) {
    throw invalidBundle('The file', `at most ${MAX_ZIP_BYTES} bytes`, `${found.size} bytes`);
  }
  return readFileSync(path);
}

function decode(name: FileName, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidBundle(name, 'UTF-8', 'other bytes');
  }
}

/** The lines of a text, each of which ends with a line feed. */
function* lines(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? undefined : end);
    if (end < 0) return;
    from = end + 1;
  }
}

function checkCounts({ counts }: Manifest, { changes, rejected, journal }: BundleFacts, derived: Derived): void {
  const found: Manifest['counts'] = {
    change_log: changes.length,
    rejected: rejected.length,
    journal: journal.length,
    events: derived.events.length,
    failure_groups: derived.failures.groups.length,
  };
  const wrong = (Object.keys(found) as (keyof typeof found)[]).find((name) => found[name] !== counts[name]);
  if (wrong) throw invalidBundle('manifest.json', `${counts[wrong]} of ${wrong}`, String(found[wrong]));
}
