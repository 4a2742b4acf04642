import { ProjectorError } from '../errors.ts';
import type { Keys } from '../host/keys.ts';
import { type Source, sessionSubject } from './source.ts';

/** What somebody may mean by a name: a session id with its incarnations, by their creation rows, or a PR by its first row. */
export type Found = FoundSession | FoundPull;

export interface FoundSession {
  readonly kind: 'session';
  readonly hash: string;
  readonly incarnations: readonly number[];
}

export interface FoundPull {
  readonly kind: 'pr';
  readonly hash: string;
  readonly born: number;
}

const DIGITS = /^[0-9a-f]{1,32}$/;

/** Beyond every hash that begins with a prefix. */
const AFTER = 'g';

/** Whether a text may be a hash, or the beginning of one. */
export function isHash(text: string): boolean {
  return DIGITS.test(text);
}

/**
 * The sessions that a raw id, a hash, a printed subject, or the beginning of either of the two names.
 *
 * @internal
 */
export function sessionsNamed({ derived }: Source, keys: Keys, name: string): Found[] {
  const exact = withHash(derived, keys.session(name));
  if (exact || !isHash(name)) return exact ? [exact] : [];
  const hashes = new Set(
    derived
      .prepare<string[], string>(
        'SELECT hash FROM session WHERE hash >= ? AND hash < ? UNION SELECT session FROM life WHERE session >= ? AND session < ?',
      )
      .pluck()
      .all(name, name + AFTER, name, name + AFTER),
  );
  // A subject cannot be looked up, so each is made anew; the index on hashes holds all that takes.
  const sessions = derived.prepare<[], [string, number]>('SELECT hash, born FROM session INDEXED BY lookup_session');
  for (const [hash, born] of sessions.raw().iterate()) {
    if (sessionSubject(hash, born).startsWith(name)) hashes.add(hash);
  }
  return [...hashes].flatMap((hash) => withHash(derived, hash) ?? []);
}

/**
 * The PRs that a URL, a hash, or the beginning of one names.
 *
 * @internal
 */
export function pullsNamed({ derived }: Source, keys: Keys, name: string): Found[] {
  const pulls = derived.prepare<[string, string], { hash: string; born: number }>(
    'SELECT hash, born FROM pull WHERE hash >= ? AND hash < ?',
  );
  const hash = keys.pull(name);
  const exact = pulls.all(hash, hash + AFTER);
  const found = exact.length > 0 || !isHash(name) ? exact : pulls.all(name, name + AFTER);
  return found.map((pull) => ({ kind: 'pr', ...pull }));
}

/** The only one; throws where there is none, or where a beginning names several. */
export function theOnly(found: readonly Found[], what: 'session' | 'PR', name: string): Found {
  if (found.length === 1) return found[0]!;
  const raw = what === 'PR' ? 'a URL' : 'a session id';
  throw new ProjectorError({
    code: found.length === 0 ? 'subject_unknown' : 'subject_ambiguous',
    message: `There is no one ${what} that ${JSON.stringify(name)} names.`,
    expected: `${raw}, or as much of the beginning of its hash as no other has`,
    found: found.length === 0 ? 'none' : `${found.length}`,
    remedy: 'Write it as `ao-projector events --json` prints it. What was derived up to now counts alone.',
  });
}

/** A session id by its hash: with its incarnations, or none where triggers alone saw it come and go. */
function withHash(derived: Source['derived'], hash: string): Found | null {
  const incarnations = derived
    .prepare<[string], number>('SELECT born FROM session WHERE hash = ? ORDER BY born')
    .pluck()
    .all(hash);
  const isSeen = derived.prepare<[string], number>('SELECT 1 FROM life WHERE session = ? LIMIT 1').get(hash);
  return incarnations.length > 0 || isSeen ? { kind: 'session', hash, incarnations } : null;
}
