import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { Keys } from '../host/keys.ts';
import { openAnalyticsReadOnly } from '../store/analytics.ts';
import { readKey } from '../store/key-file.ts';
import type { Forgettable } from '../store/left-out-rows.ts';
import type { Paths } from '../store/paths.ts';
import { sessionsNamed, theOnly } from './find.ts';
import { Source } from './source.ts';

const SESSION_HASH = /^[0-9a-f]{32}$/;
const PROJECT_HASH = /^[0-9a-f]{12}$/;

/** The session that a raw id, a hash, a printed subject, or the beginning of either of the two names; throws where none does. */
export function sessionToForget(paths: Paths, name: string): Forgettable {
  const keys = new Keys(readKey(paths.key));
  const derived = derivedSession(paths, keys, name);
  if (derived !== null) return { kind: 'session', hash: derived };
  return known(paths, 'session', name, [keys.session(name), ...(SESSION_HASH.test(name) ? [name] : [])]);
}

/** The project that a raw id or a hash names; throws where none does. */
export function projectToForget(paths: Paths, name: string): Forgettable {
  const keys = new Keys(readKey(paths.key));
  const hashed = PROJECT_HASH.test(name) ? [Number.parseInt(name, 16)] : [];
  return known(paths, 'project', name, [keys.project(name), ...hashed].map(String));
}

/** The hash of a session that the derived tables tell of, where there are any. */
function derivedSession(paths: Paths, keys: Keys, name: string): string | null {
  let source: Source;
  try {
    source = Source.open(paths, { metrics: true, events: false, remote: [] });
  } catch (error) {
    if (error instanceof ProjectorError && error.code === 'nothing_derived') return null;
    throw error;
  }
  try {
    const found = sessionsNamed(source, keys, name);
    return found.length === 0 ? null : theOnly(found, 'session', name).hash;
  } finally {
    source.close();
  }
}

/** The first hash that the journal knows, or that was to be forgotten before. */
function known(paths: Paths, kind: Forgettable['kind'], name: string, hashes: readonly string[]): Forgettable {
  const analytics = openAnalyticsReadOnly(paths);
  try {
    const hash = analytics && hashes.find((candidate) => isKnown(analytics, kind, candidate));
    if (hash) return { kind, hash };
  } finally {
    analytics?.close();
  }
  throw new ProjectorError({
    code: 'subject_unknown',
    message: `There is no ${kind} here that ${JSON.stringify(name)} names.`,
    expected: `the id of a ${kind} of which something is kept, or its hash`,
    found: 'none',
    remedy: `Write it as \`ao-projector events --json\` prints it.`,
  });
}

function isKnown(analytics: Database, kind: Forgettable['kind'], hash: string): boolean {
  const statement = analytics.prepare<[string, string, string], number>(
    `SELECT EXISTS (SELECT 1 FROM journal WHERE ${kind} = ?) OR EXISTS (SELECT 1 FROM forgotten WHERE kind = ? AND hash = ?)`,
  );
  return statement.pluck().get(hash, kind, hash) === 1;
}
