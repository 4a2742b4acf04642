import { ProjectorError } from '../errors.ts';

/** A file is not a bundle that this version can read. Nothing was made of it. */
export function invalidBundle(what: string, expected: string, found: string): ProjectorError {
  return new ProjectorError({
    code: 'bundle_invalid',
    message: `${what} is not what a bug report holds.`,
    expected,
    found,
    remedy: 'Ask for the file again, as `ao-projector bug-report` wrote it. Nothing was made of this one.',
  });
}
