import { cpus, totalmem } from 'node:os';
import Database from 'better-sqlite3';

/** One line about what everything is measured on. */
export function machine(): string {
  const db = new Database(':memory:');
  const sqlite = db.prepare<[], string>('SELECT sqlite_version()').pluck().get();
  db.close();
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores[0]?.model ?? 'unknown processor'}, ${cores.length} cores, ${memory} GiB, ${process.platform}, Node ${process.version}, SQLite ${sqlite}`;
}
