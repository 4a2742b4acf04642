import { Unzip, type UnzipFile, UnzipInflate, zipSync } from 'fflate';
import { FILE_NAMES, FILES, type FileName, isFileName, MAX_TOTAL_BYTES } from './files.ts';
import { invalidBundle } from './problem.ts';

/** In no time zone another moment: a zip holds the letters of a date. */
const ALWAYS = new Date(1980, 0, 1);

/** Compressed bytes that are unpacked before sizes are looked at again. Deflate makes a thousand times as many at most. */
const PIECE_BYTES = 16 * 1024;

/** A zip of these files; the same bytes for the same files. */
export function zip(files: ReadonlyMap<FileName, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files), { mtime: ALWAYS, level: 6 });
}

export interface Unzipped {
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  /** Names that are none of a bundle's; those files were not unpacked. */
  readonly others: readonly string[];
}

/**
 * The files of a bundle in a zip. Sizes are counted while it is unpacked, so it does not matter what the zip says of them, and
 * nothing is written anywhere. Throws where it is no whole zip, or holds a file twice.
 */
export function unzip(bytes: Uint8Array): Unzipped {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw invalidBundle('The file', 'a zip', 'something else');
  const parts = new Map<FileName, Uint8Array[]>();
  const whole = new Set<string>();
  const others: string[] = [];
  let total = 0;
  const take = (file: UnzipFile) => {
    const { name } = file;
    if (!isFileName(name)) {
      others.push(name);
      return;
    }
    if (parts.has(name)) throw invalidBundle('The zip', 'each file once', `${name} twice`);
    const taken: Uint8Array[] = [];
    parts.set(name, taken);
    let size = 0;
    file.ondata = (error, data, isLast) => {
      if (error) throw error;
      size += data.length;
      total += data.length;
      if (size > FILES[name]) throw invalidBundle(name, `at most ${FILES[name]} bytes`, 'more');
      if (total > MAX_TOTAL_BYTES) throw invalidBundle('The zip', `at most ${MAX_TOTAL_BYTES} bytes unpacked`, 'more');
      taken.push(data);
      if (isLast) whole.add(name);
    };
    file.start();
  };
  unpack(bytes, take);
  const broken = [...parts.keys()].find((name) => !whole.has(name));
  if (broken) throw invalidBundle('The zip', 'whole files', `${broken} cut off`);
  const files = FILE_NAMES.flatMap((name) => {
    const taken = parts.get(name);
    return taken ? [[name, new Uint8Array(Buffer.concat(taken))] as const] : [];
  });
  return { files: new Map(files), others };
}

function unpack(bytes: Uint8Array, take: (file: UnzipFile) => void): void {
  const stream = new Unzip(take);
  stream.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      stream.push(bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
    }
  } catch (error) {
    // What fflate throws has a number as its code; a TypeError is how it fails on some of what it cannot read.
    if (typeof (error as { code?: unknown }).code !== 'number' && !(error instanceof TypeError)) throw error;
    throw invalidBundle('The zip', 'a zip that can be unpacked', (error as Error).message);
  }
}
