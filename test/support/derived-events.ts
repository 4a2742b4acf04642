import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { eventParts } from '../../projections/vocabulary.ts';
import { Keys } from '../../projector/host/keys.ts';
import { fromRow } from '../../projector/store/derived/event-table.ts';
import { readKey } from '../../projector/store/key-file.ts';
import type { OracleEvent } from '../oracle/event.ts';
import { NOT_READ_YET } from '../oracle/oracle.ts';

/** The events of a derived file in the oracle's words, with raw ids out of the identity table. */
export function derivedEvents(derivedPath: string, analyticsPath: string, hostPath: string): OracleEvent[] {
  const db = new SQLite(derivedPath, { readonly: true });
  const analytics = new SQLite(analyticsPath, { readonly: true });
  const host = new SQLite(hostPath, { readonly: true });
  try {
    const raw = analytics
      .prepare<[string, string], string>('SELECT raw FROM identity WHERE kind = ? AND hash = ?')
      .pluck();
    const session = db.prepare<[number], string>('SELECT hash FROM session WHERE born = ?').pluck();
    const pull = db.prepare<[number], string>('SELECT hash FROM pull WHERE born = ?').pluck();
    const journal = analytics.prepare<[number], { name: string; identity: string; at: number }>(
      'SELECT name, identity, at FROM journal WHERE position = ?',
    );
    const rowids = telemetryRowids(host, join(dirname(analyticsPath), 'analytics.key'));
    const sessionOf = (born: number) => `${raw.get('session', session.get(born)!)}#${born}`;
    return db
      .prepare<[], Parameters<typeof fromRow>[0]>('SELECT * FROM event ORDER BY id')
      .all()
      .map(fromRow)
      .filter(({ id }) => !NOT_READ_YET.includes(eventParts(id).definition.name))
      .map((event) => {
        const { stream, position, definition } = eventParts(event.id);
        const fact = stream === 'telemetry' ? journal.get(position)! : null;
        const observed = fact?.name.startsWith('observed.') === true;
        const subject = {
          install: () => 'install',
          project: () => raw.get('project', String(event.project))!,
          command: () => event.dimensions!.command!,
          pr: () => raw.get('pr', pull.get(event.subject)!)!,
          session: () => sessionOf(event.subject),
        }[definition.subjectKind]();
        return {
          name: definition.name,
          at: event.at,
          stream: observed ? 'observed' : stream,
          position: observed ? 0 : fact ? rowids.get(fact.identity)! : position,
          subject,
          session: subject === 'install' || event.session === null ? null : sessionOf(event.session),
          dimensions: { ...event.dimensions },
          measures: { ...event.measures },
        } as OracleEvent;
      });
  } finally {
    db.close();
    analytics.close();
    host.close();
  }
}

/** Rowids of `telemetry_event` by the identities that the journal knows its rows by. */
export function telemetryRowids(host: SQLite.Database, keyPath: string): Map<string, number> {
  const exists = host.prepare("SELECT 1 FROM sqlite_master WHERE name = 'telemetry_event'").get();
  if (!exists) return new Map();
  const keys = new Keys(readKey(keyPath));
  const rows = host.prepare<[], { rowid: number; id: string }>('SELECT rowid, id FROM telemetry_event').all();
  return new Map(rows.map(({ rowid, id }) => [keys.telemetry(id), rowid]));
}
