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

/** More would come into a bundle than anybody reads. */
export function tooLarge(expected: string, found: string): ProjectorError {
  return new ProjectorError({
    code: 'bundle_too_large',
    message: 'The bug report would be too large to send.',
    expected,
    found,
    remedy: 'Ask for a shorter window, for example with --since 2h.',
  });
}
