import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import type { ChangeFact, JournalFact } from '../../projections/facts.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import { Source } from '../answers/source.ts';
import { Keys } from '../host/keys.ts';
import { NOTHING_LEFT_OUT } from '../host/left-out.ts';
import { openAnalytics } from '../store/analytics.ts';
import type { RejectedRow } from '../store/derived/batch.ts';
import { DerivedFile } from '../store/derived/derived-file.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import { type Paths, pathsOf } from '../store/paths.ts';
import { Store } from '../store/store.ts';
import type { Tiers } from '../tiers.ts';
import type { BundledChange, BundledFact, BundleFacts } from './facts.ts';

/** What answers over the facts of a bundle are asked with: their raw ids are aliases. */
export const BUNDLE_TIERS: Tiers = { metrics: true, events: true, remote: [] };

/**
 * The same for all bundles, so that the same facts have the same hashes and ids each time. There is nothing to keep secret:
 * what is hashed are aliases.
 */
const KEY = Buffer.alloc(32, 'ao-projector bundle');
const HISTORY_ID = 'his_00000000-0000-0000-0000-000000000000';
const INSTALL_ID = 'ins_00000000-0000-0000-0000-000000000000';
const HISTORY = 1;

const FACTS_PER_COMMIT = 50_000;

/** The places of a folder that facts are projected into; nothing outside of it is looked at. */
export function placesOf(folder: string): Paths {
  return pathsOf({ AO_DATA_DIR: folder, AO_RUN_FILE: join(folder, 'running.json') });
}

/**
 * Projects facts into an empty folder, by the same code as everywhere. Every answer can be asked of it afterwards; only there
 * is no daemon's database.
 */
export function projectFacts(folder: string, facts: BundleFacts): Paths {
  const paths = placesOf(folder);
  writeFileSync(paths.key, `${KEY.toString('hex')}\n`, { mode: 0o600 });
  writeFileSync(paths.installId, INSTALL_ID);
  const keys = new Keys(KEY);
  writeJournal(paths, facts, keys);
  const store = Store.open({ paths, events: true, now: () => 0, pid: process.pid });
  try {
    store.journal.identify(projectIdentities(facts, keys));
    const number = store.nextNumber();
    const derived = DerivedFile.create(paths.derived(number), store.derivedOptions());
    try {
      foldFacts(derived, facts, keys, () => store.journal.identify(store.identities!.splice(0)));
      derived.finish();
    } finally {
      derived.close();
    }
    store.makeCurrent(number);
  } finally {
    store.close();
  }
  return paths;
}

/** Asks of what was projected into a folder. */
export function askProjected<T>(paths: Paths, ask: (source: Source) => T): T {
  const source = Source.open(paths, BUNDLE_TIERS);
  try {
    return ask(source);
  } finally {
    source.close();
  }
}

/**
 * The events that facts make, and nothing else of them: in row-id order, as the fold made them. `path` is a file that is not
 * there, and is not afterwards.
 */
export function projectEvents(path: string, facts: BundleFacts): DerivedEvent[] {
  const keys = new Keys(KEY);
  const options = { keys, history: HISTORY, token: '', leftOut: NOTHING_LEFT_OUT, identify: () => {} };
  const derived = DerivedFile.create(path, options);
  try {
    foldFacts(derived, facts, keys, () => {});
    return eventsIn(path);
  } finally {
    derived.close();
    rmSync(path);
  }
}

function eventsIn(path: string): DerivedEvent[] {
  const db = new SQLite(path, { readonly: true });
  try {
    return db.prepare<[], EventRow>('SELECT * FROM event ORDER BY id').all().map(fromRow);
  } finally {
    db.close();
  }
}

function foldFacts(
  derived: DerivedFile,
  { changes, rejected, journal }: BundleFacts,
  keys: Keys,
  identify: () => void,
): void {
  for (const part of inParts(journal)) {
    derived.foldJournal(part.map((fact) => journalFact(fact, keys)));
    derived.commit([], identify);
  }
  const foldChanges = (facts: readonly ChangeFact[], bad: readonly RejectedRow[], scanned: number) => {
    derived.foldChanges({
      ...{ facts, rejected: bad, unknown: 0, leftOutBirths: [], gaps: [] },
      ...{ scanned, lastSeq: scanned, scannedAt: null },
    });
    derived.commit([], identify);
  };
  for (const part of inParts(changes)) {
    const facts = part.map((change) => changeFact(change, keys));
    foldChanges(facts, [], facts.at(-1)!.seq);
  }
  if (rejected.length > 0) foldChanges([], rejected, Math.max(derived.change.position, rejected.at(-1)!.position));
}

function changeFact(change: BundledChange, keys: Keys): ChangeFact {
  return { ...change, project: keys.project(change.project) } as ChangeFact;
}

function journalFact(fact: BundledFact, keys: Keys): JournalFact {
  const project = fact.project === null ? null : keys.project(fact.project);
  return { ...fact, project, session: fact.session === null ? null : keys.session(fact.session) };
}

/** The history of a bundle, with its facts where they stood in the journal that they come from. */
function writeJournal(paths: Paths, { journal }: BundleFacts, keys: Keys): void {
  const analytics: Database = openAnalytics(paths, 0);
  try {
    const insert = analytics.prepare(
      `INSERT INTO journal (position, history, identity, name, at, nanos, project, session, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    analytics.transaction(() => {
      analytics.prepare('INSERT INTO history (id, history_id, started_at) VALUES (?, ?, 0)').run(HISTORY, HISTORY_ID);
      for (const fact of journal) {
        const { position, name, at, nanos, project, session, data } = journalFact(fact, keys);
        insert.run(position, HISTORY, `bundle:${position}`, name, at, nanos, project, session, JSON.stringify(data));
      }
    })();
  } finally {
    analytics.close();
  }
}

function projectIdentities({ changes, journal }: BundleFacts, keys: Keys) {
  const projects = new Set([...changes, ...journal].map(({ project }) => project));
  return [...projects]
    .filter((project) => project !== null)
    .map((raw) => ({ kind: 'project' as const, hash: String(keys.project(raw)), raw }));
}

function* inParts<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += FACTS_PER_COMMIT) yield rows.slice(at, at + FACTS_PER_COMMIT);
}
