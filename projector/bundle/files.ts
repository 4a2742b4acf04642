/** Bundles of this format can be read by versions that know it or a later one. */
export const FORMAT = 1;

const MIB = 1024 * 1024;

/** The files of a bundle in their order, and how many bytes of each are read at most. */
export const FILES = {
  'manifest.json': MIB,
  'change_log.ndjson': 48 * MIB,
  'journal.ndjson': 48 * MIB,
  'events.ndjson': 48 * MIB,
  'failures.json': 16 * MIB,
  'status.json': 16 * MIB,
  'running.json': MIB,
  'schema.json': MIB,
  'versions.json': MIB,
  'verification.json': MIB,
} as const satisfies Readonly<Record<string, number>>;

export type FileName = keyof typeof FILES;

/** A zip with more bytes than this is not looked at. */
export const MAX_ZIP_BYTES = 64 * MIB;

/** Nothing is unpacked beyond this. */
export const MAX_TOTAL_BYTES = 96 * MIB;

export const FILE_NAMES = Object.keys(FILES) as readonly FileName[];

export function isFileName(name: string): name is FileName {
  return Object.hasOwn(FILES, name);
}
