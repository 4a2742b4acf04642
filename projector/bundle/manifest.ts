import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { ProjectorError } from '../errors.ts';
import type { LeftOutOfBundle } from './collect.ts';
import { FILE_NAMES, type FileName, FORMAT } from './files.ts';
import { invalidBundle } from './problem.ts';

/** What a bundle says of itself. Times in milliseconds UTC. */
export interface Manifest {
  readonly format: number;
  /** Version of the program that wrote it. */
  readonly version: string;
  readonly made_at: number;
  readonly since: number;
  /** How far both streams had been derived from, and the newest time there. */
  readonly as_of: { readonly change_log: number; readonly telemetry: number; readonly at: number | null };
  readonly counts: Counts;
  readonly left_out: LeftOutOfBundle;
  readonly files: readonly ManifestFile[];
}

export interface Counts {
  readonly change_log: number;
  readonly rejected: number;
  readonly journal: number;
  readonly events: number;
  readonly failure_groups: number;
}

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.safeInteger(), v.minValue(-1e15), v.maxValue(1e15));
const counts = <Name extends string>(...names: Name[]) =>
  v.strictObject(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>);

const MANIFEST = v.strictObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.string(), v.regex(/^[\w.+-]{1,64}$/)),
  made_at: milliseconds,
  since: milliseconds,
  as_of: v.strictObject({ change_log: count, telemetry: count, at: v.nullable(milliseconds) }),
  counts: counts('change_log', 'rejected', 'journal', 'events', 'failure_groups'),
  left_out: counts('change_log', 'journal', 'rejected', 'unknown', 'facts', 'fields'),
  files: v.array(
    v.strictObject({ name: v.string(), bytes: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  ),
});

/** What the manifest says of a file. */
export function describeFile(name: FileName, bytes: Uint8Array): ManifestFile {
  return { name, bytes: bytes.length, sha256: sha256(bytes) };
}

/** The manifest as it is written: with a digest of itself at its end, so that it is known to be whole. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, digest: sha256(JSON.stringify(manifest)) }, null, 2)}\n`;
}

/** Reads a manifest; throws where it is of a newer format, or not as it was written. */
export function readManifest(text: string): Manifest {
  const read = parse(text);
  const format = (read as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > FORMAT) throw newerFormat(format);
  const { digest, ...rest } = (read ?? {}) as Record<string, unknown>;
  const parsed = v.safeParse(MANIFEST, rest);
  if (!parsed.success || digest !== sha256(JSON.stringify(rest))) {
    throw invalidBundle('manifest.json', 'a manifest with a digest of itself', 'something else, or another digest');
  }
  return parsed.output;
}

/** Throws unless these are the files of the manifest, byte by byte. */
export function checkFiles(
  { files: described }: Manifest,
  files: ReadonlyMap<FileName, Uint8Array>,
  others: readonly string[],
): void {
  const names = FILE_NAMES.filter((name) => name !== 'manifest.json');
  if (others.length > 0) throw invalidBundle('The zip', `nothing but manifest.json, ${names.join(', ')}`, 'more files');
  const missing = names.find((name) => !files.has(name));
  if (missing) throw invalidBundle('The zip', missing, 'no such file');
  if (described.length !== names.length) throw invalidBundle('manifest.json', 'a line for each file', 'another number');
  for (const name of names) {
    const expected = described.find((file) => file.name === name);
    const found = describeFile(name, files.get(name)!);
    if (expected?.sha256 !== found.sha256 || expected.bytes !== found.bytes) {
      throw invalidBundle(name, 'the bytes that the manifest has the digest of', 'other bytes');
    }
  }
}

function newerFormat(format: number): ProjectorError {
  return new ProjectorError({
    code: 'bundle_newer',
    message: 'The bug report was written by a newer version of ao-projector.',
    expected: `format ${FORMAT}`,
    found: `format ${format}`,
    remedy: 'Install the version that wrote it, or a later one.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
