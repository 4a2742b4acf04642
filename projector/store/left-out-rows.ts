import SQLite, { type Database } from 'better-sqlite3';
import type { LeftOut } from '../host/left-out.ts';
import { erase } from './erase.ts';
import { forgetExported } from './forget-exported.ts';
import { LeftOutFacts } from './left-out-facts.ts';
import { beginning, notePruning, prunedBefore } from './pruning.ts';

/** A session by the hash of its id, or a project by its key. */
export interface Forgettable {
  readonly kind: 'session' | 'project';
  readonly hash: string;
}

/**
 * What was asked to be forgotten, and what was pruned of a history; in an order of its own, so that two of the same content are
 * the same text.
 */
export function readLeftOut(analytics: Database, history: number): LeftOut {
  const hashes = analytics
    .prepare<[Forgettable['kind']], string>('SELECT hash FROM forgotten WHERE kind = ? ORDER BY hash')
    .pluck();
  return {
    sessions: hashes.all('session'),
    projects: hashes.all('project').map(Number),
    factsBefore: prunedBefore(analytics, history) ?? 0,
    ...beginning(analytics, history),
  };
}

/**
 * Notes that something is to be forgotten: it is not exported any more, and the next rebuild leaves it out, and erases it when its
 * file becomes current.
 */
export function noteForgotten(analytics: Database, thing: Forgettable): void {
  erase(analytics, () => {
    analytics.prepare('INSERT OR IGNORE INTO forgotten (kind, hash) VALUES (?, ?)').run(thing.kind, thing.hash);
    return forgetExported(analytics, thing);
  });
}

/** Where rows are removed, and when. */
export interface Removal {
  readonly history: number;
  /** The derived file that takes over; null: none. */
  readonly derivedPath: string | null;
  readonly now: number;
}

/**
 * Removes from journal and identity what is left out; the identities of sessions and PRs are those of which the derived file
 * that takes over tells nothing. Returns how many rows that were.
 */
export function removeLeftOut(analytics: Database, leftOut: LeftOut, { history, derivedPath, now }: Removal): number {
  const forgotten = removeForgotten(analytics, leftOut, derivedPath);
  const pruned = removeFacts(analytics, leftOut);
  if (leftOut.factsBefore > (prunedBefore(analytics, history) ?? 0)) {
    notePruning(analytics, { history, prunedAt: now, beforeAt: leftOut.factsBefore, rows: pruned });
  }
  return forgotten + pruned;
}

function removeForgotten(analytics: Database, leftOut: LeftOut, derivedPath: string | null): number {
  const { sessions, projects } = leftOut;
  if (sessions.length + projects.length === 0) return 0;
  const facts = removeFacts(analytics, { ...leftOut, factsBefore: 0 });
  const named = analytics
    .prepare("DELETE FROM identity WHERE kind = 'project' AND hash IN (SELECT CAST(value AS TEXT) FROM json_each(?))")
    .run(JSON.stringify(projects)).changes;
  const removed = facts + named + removeUntold(analytics, derivedPath);
  if (removed > 0) analytics.prepare('DELETE FROM verification').run();
  return removed;
}

function removeFacts(analytics: Database, leftOut: LeftOut): number {
  return analytics.prepare(`DELETE FROM journal WHERE ${new LeftOutFacts(leftOut).condition}`).run().changes;
}

function removeUntold(analytics: Database, derivedPath: string | null): number {
  if (derivedPath === null) return analytics.prepare("DELETE FROM identity WHERE kind <> 'project'").run().changes;
  const derived = new SQLite(derivedPath, { readonly: true });
  try {
    const remove = analytics.prepare('DELETE FROM identity WHERE kind = ? AND hash = ?');
    let removed = 0;
    for (const [kind, table] of [
      ['session', 'session'],
      ['pr', 'pull'],
    ] as const) {
      const isTold = derived.prepare(`SELECT 1 FROM ${table} WHERE hash = ?`);
      const hashes = analytics.prepare<[string], string>('SELECT hash FROM identity WHERE kind = ?').pluck().all(kind);
      for (const hash of hashes) if (!isTold.get(hash)) removed += remove.run(kind, hash).changes;
    }
    return removed;
  } finally {
    derived.close();
  }
}
