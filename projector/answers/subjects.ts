import type { Statement } from 'better-sqlite3';
import { digest, projectSubject, type Source, sessionSubject } from './source.ts';

/** What is known of the session that an event belongs to. */
export interface SessionInfo {
  readonly subject: string;
  readonly hash: string;
  readonly kind: string | null;
  readonly harness: string | null;
}

interface SessionRow {
  readonly hash: string;
  readonly kind: string | null;
  readonly harness: string | null;
}

/** Turns the keys of the derived tables into what answers print: hashes, raw ids where they are kept, kind and harness. */
export class Subjects {
  readonly #session: Statement<[number], SessionRow>;
  readonly #hash: Statement<[number], string>;
  readonly #pull: Statement<[number], string>;
  readonly #raw: Statement<[string, string], string>;
  readonly #install: string;
  readonly #showsRaw: boolean;
  readonly #sessions = new Map<number, SessionInfo | null>();
  readonly #projects = new Map<number, string | null>();

  constructor(source: Source) {
    this.#showsRaw = source.showsRaw;
    this.#session = source.derived.prepare(
      'SELECT hash, kind, harness FROM session LEFT JOIN observed_session USING (born) WHERE born = ?',
    );
    this.#hash = source.derived.prepare<[number], string>('SELECT hash FROM session WHERE born = ?').pluck();
    this.#pull = source.derived.prepare<[number], string>('SELECT hash FROM pull WHERE born = ?').pluck();
    this.#raw = source.analytics
      .prepare<[string, string], string>('SELECT raw FROM identity WHERE kind = ? AND hash = ?')
      .pluck();
    const installId = source.analytics.prepare<[], string>('SELECT install_id FROM install').pluck().get();
    this.#install = digest('install', installId ?? '');
  }

  session(born: number): SessionInfo | null {
    const cached = this.#sessions.get(born);
    if (cached !== undefined) return cached;
    const row = this.#session.get(born);
    const info = row ? { subject: sessionSubject(row.hash, born), ...row } : null;
    this.#sessions.set(born, info);
    return info;
  }

  /** The subject of a session of which nothing else is asked. */
  subjectOfSession(born: number): string {
    const hash = this.#hash.get(born);
    return hash === undefined ? '' : sessionSubject(hash, born);
  }

  /** Hash of a PR's URL. */
  pull(born: number): string {
    return this.#pull.get(born) ?? '';
  }

  /** Hash of the install's id. */
  install(): string {
    return this.#install;
  }

  project(key: number): string {
    return projectSubject(key);
  }

  /** How answers name a subject. */
  named(kind: 'install' | 'project' | 'session' | 'pr', key: number): { subject: string; raw: string | null } {
    switch (kind) {
      case 'install':
        return { subject: this.install(), raw: null };
      case 'project':
        return { subject: this.project(key), raw: this.rawProject(key) };
      case 'pr':
        return { subject: this.pull(key), raw: this.rawPull(key) };
      case 'session':
        return { subject: this.session(key)?.subject ?? '', raw: this.rawSession(key) };
    }
  }

  rawSession(born: number): string | null {
    const info = this.session(born);
    return info && this.rawOfSession(info.hash);
  }

  /** Raw session id of a hash. */
  rawOfSession(hash: string): string | null {
    return this.#lookUp('session', hash);
  }

  rawPull(born: number): string | null {
    return this.#lookUp('pr', this.pull(born));
  }

  rawProject(key: number): string | null {
    const cached = this.#projects.get(key);
    if (cached !== undefined) return cached;
    const raw = this.#lookUp('project', String(key));
    this.#projects.set(key, raw);
    return raw;
  }

  /** Whether a key is that of a project which is named as answers print it, raw or hashed. */
  isProject(key: number | null, name: string): boolean {
    return key !== null && (this.project(key) === name || this.rawProject(key) === name);
  }

  #lookUp(kind: string, hash: string): string | null {
    return this.#showsRaw ? (this.#raw.get(kind, hash) ?? null) : null;
  }
}
