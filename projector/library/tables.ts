import * as v from 'valibot';
import { type AsOf, Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import { explainStoreError } from '../store/analytics.ts';
import { type Paths, pathsOf } from '../store/paths.ts';
import { tiersOf } from '../tiers.ts';
import { checked } from './checked.ts';

export interface OpenOptions {
  /** The daemon's data directory; where it is left out, what `AO_DATA_DIR` says, else `~/.ao/data`. */
  readonly dataDir?: string | undefined;
  /** Whether answers show raw ids, where they are kept; where it is left out, whether `AO_TELEMETRY_EVENTS` is on. */
  readonly rawIds?: boolean | undefined;
}

const directory = v.optional(v.pipe(v.string('the path of a directory'), v.nonEmpty('the path of a directory')));
/** @internal */
export const PLACE = { dataDir: directory };
const OPTIONS = v.strictObject(
  { ...PLACE, rawIds: v.optional(v.boolean('true or false')) },
  'nothing but dataDir and rawIds',
);

/**
 * Opens the present derived tables to read. What is committed afterwards is not seen: to see it, close these and open them
 * anew. Throws a {@link ProjectorError} with the code `nothing_derived` where there are none yet.
 *
 * @example
 * const tables = open();
 * try {
 *   console.log(funnel(tables, 'session', { since: '30d' }));
 * } finally {
 *   tables.close();
 * }
 */
export function open(options: OpenOptions = {}): Tables {
  const { dataDir, rawIds } = checked(OPTIONS, options, 'What is opened');
  const paths = placesOf(dataDir);
  return explained(paths, () => {
    const source = Source.open(paths, { metrics: true, events: rawIds ?? tiersOf(process.env).events, remote: [] });
    try {
      return new Tables(paths, source);
    } catch (error) {
      source.close();
      throw error;
    }
  });
}

/** The derived tables as they stood when they were opened. Read-only; {@link open} makes one. */
export class Tables {
  /** The positions that all answers are computed at. */
  readonly asOf: AsOf;
  readonly #paths: Paths;
  readonly #source: Source;

  /** @internal */
  constructor(paths: Paths, source: Source) {
    this.#paths = paths;
    this.#source = source;
    // The first read takes the snapshot.
    this.asOf = source.asOf();
  }

  /** Lets go of the files. Afterwards nothing can be asked any more. */
  close(): void {
    this.#source.close();
  }

  /** @internal */
  answer<T>(ask: (source: Source, paths: Paths) => T): T {
    this.#expectOpen();
    return explained(this.#paths, () => ask(this.#source, this.#paths));
  }

  /**
   * Answers that are read as they are asked for.
   *
   * @internal
   */
  *each<T>(ask: (source: Source) => Iterable<T>): Generator<T, void, undefined> {
    this.#expectOpen();
    try {
      yield* ask(this.#source);
    } catch (error) {
      throw explainStoreError(this.#paths, error);
    }
  }

  #expectOpen(): void {
    if (this.#source.derived.open) return;
    throw new ProjectorError({
      code: 'tables_closed',
      message: 'The tables were closed.',
      expected: 'tables that are open',
      found: 'tables after close()',
      remedy: 'Call open() again.',
    });
  }
}

/**
 * Where things are, for a data directory or for the one that the environment names.
 *
 * @internal
 */
export function placesOf(dataDir: string | undefined): Paths {
  return pathsOf(dataDir === undefined ? process.env : { ...process.env, AO_DATA_DIR: dataDir });
}

/**
 * Runs, and says of an error that SQLite raised what can be done about it.
 *
 * @internal
 */
export function explained<T>(paths: Paths, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw explainStoreError(paths, error);
  }
}
