import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { ProjectorError } from '../errors.ts';

const KEY_BYTES = 32;

/**
 * The local key that ids are hashed under, made on first use. Only its owner may read the file (mode 0600), and it never
 * leaves the machine.
 */
export function readOrCreateKey(path: string): Buffer {
  if (!existsSync(path)) createKey(path);
  return readKey(path);
}

/** The local key; throws when the file is missing or is not a key. */
export function readKey(path: string): Buffer {
  if (!existsSync(path)) throw keyMissing(path);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length === KEY_BYTES) return key;
  throw new ProjectorError({
    code: 'key_invalid',
    message: `${path} is not a key.`,
    expected: `${KEY_BYTES * 2} hexadecimal digits`,
    found: `${key.length} bytes`,
    remedy:
      'Put the file back from a backup. Without it the ids in analytics.db cannot be told any more; to start anew, move analytics.* away.',
  });
}

function keyMissing(path: string): ProjectorError {
  return new ProjectorError({
    code: 'key_missing',
    message: `There is no ${path}.`,
    expected: 'the local key that the ids in analytics.db are hashed under',
    found: 'no such file',
    remedy: 'Put the file back from a backup. To start anew, move analytics.* away and run `ao-projector rebuild`.',
  });
}

/** Puts another key in the place of the present one: what was hashed under that can be told no more. */
export function replaceKey(path: string): void {
  renameSync(draftKey(path), path);
}

/** Two processes may start at once: a whole file is linked into place, and the first one stays. */
function createKey(path: string): void {
  const draft = draftKey(path);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** A key of its own in a file beside the path. Returns the path of that file. */
function draftKey(path: string): string {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'wx', 0o600);
  writeSync(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  fsyncSync(file);
  closeSync(file);
  return draft;
}
