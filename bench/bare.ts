import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PAGE_ROWS } from '../projector/host/change-log.ts';
import { PAGES_PER_COMMIT } from '../projector/pipeline/rebuild.ts';
import { pathsOf } from '../projector/store/paths.ts';
import { openDerived } from './derived.ts';

const READ_ROWS = 1_000;
const COMMIT_ROWS = PAGE_ROWS * PAGES_PER_COMMIT;

/**
 * The bare machine: reads the rows of `change_log` as a rebuild must, and writes the events that a rebuild made of them, already
 * in memory, into a table without indexes. Nothing is decoded and nothing is folded. Prints how long that took.
 */
const paths = pathsOf(process.env);
const derived = openDerived(paths.dataDir);
const events = derived.prepare<[], unknown[]>('SELECT * FROM event ORDER BY id').raw().all();
derived.close();

const host = new Database(paths.host, { readonly: true });
const rows = host.prepare<[], number>('SELECT count(*) FROM change_log').pluck().get()!;
const page = host
  .prepare<[number, number], [seq: number, ...cells: unknown[]]>(
    'SELECT seq, project_id, session_id, event_type, payload, created_at FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  .raw();

const path = `${paths.dataDir}/bare.db`;
const target = new Database(path);
target.pragma('journal_mode = WAL');
target.pragma('synchronous = NORMAL');
target.exec(
  'CREATE TABLE event (id INTEGER PRIMARY KEY, subject INTEGER, session INTEGER, project INTEGER, at INTEGER, dimensions TEXT, measures TEXT)',
);
const insert = target.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)');

const began = performance.now();
let seq = 0;
let read = 0;
let written = 0;
for (let more = true; more; ) {
  target.exec('BEGIN');
  for (let pages = 0; more && pages < COMMIT_ROWS / READ_ROWS; pages++) {
    const found = page.all(seq, READ_ROWS);
    seq = found.at(-1)?.[0] ?? seq;
    read += found.length;
    more = read < rows;
    for (const due = Math.floor((read / rows) * events.length); written < due; written++) insert.run(events[written]);
  }
  target.exec('COMMIT');
}
const ms = performance.now() - began;
target.close();
host.close();
for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
console.log(JSON.stringify({ ms, written }));
