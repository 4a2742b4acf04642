import { basename } from 'node:path';
import { types } from 'node:util';
import { ProjectorError, sqliteCode } from '../../errors.ts';

/**
 * The error of a projection that threw, at a position such as `change_log 12`. It names the place in the code and never what
 * was said there: that may hold what stands in a row. What the database or we ourselves say is no failure of a projection and is
 * returned as it is.
 */
export function projectionFailed(position: string, error: unknown): unknown {
  if (error instanceof ProjectorError || sqliteCode(error) !== '') return error;
  return new ProjectorError({
    code: 'projection_failed',
    message: `A projection failed at ${position}. Nothing of it was committed, and no fact is passed over.`,
    expected: 'every fact to be folded',
    found: placeOf(error),
    remedy:
      'Answers stay as they were at the last commit. Report this with the position. A version that mends it goes on from there: run `ao-projector run` or `rebuild`.',
  });
}

const FRAME = /^\s*at (?:(?<name>[\w.#<>]+) )?.*?(?<path>[^\s(]+:\d+):\d+\)?$/m;

/** Kind of an error, and where in the code it was thrown. */
function placeOf(error: unknown): string {
  if (!types.isNativeError(error)) return `a thrown ${typeof error}`;
  const { name = 'code', path } = FRAME.exec(error.stack ?? '')?.groups ?? {};
  const kind = error.constructor.name;
  return path === undefined ? kind : `${kind} in ${name} (${basename(path)})`;
}
