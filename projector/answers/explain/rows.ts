import type { Evidence } from '../../../projections/evidence.ts';
import type { ChangeFact, FactValue } from '../../../projections/facts.ts';
import type { StreamName } from '../../../projections/vocabulary.ts';
import type { ChangeLog } from '../../host/change-log.ts';
import { ChangeDecoder, LEFT_OUT, LEFT_OUT_BIRTH, NOISE, UNKNOWN } from '../../host/decode.ts';
import type { HostVersions } from '../../host/host-versions.ts';
import type { Keys } from '../../host/keys.ts';
import { projectSubject, type Source } from '../source.ts';

/** A row as an explanation shows it: what was decoded of it, ids hashed, and nothing else. */
export interface ExplainedRow {
  readonly stream: StreamName;
  readonly position: number;
  /** Milliseconds UTC; null where the row cannot be looked at. */
  readonly at: number | null;
  /** `event_type`, or the name of the fact; null where the row cannot be looked at. */
  readonly kind: string | null;
  readonly fields: Readonly<Record<string, FactValue>>;
  /** What the row is to the rule. */
  readonly role: string;
  /** Why it has no fields; null where it has. */
  readonly unread: string | null;
}

interface JournalRow {
  readonly name: string;
  readonly at: number;
  readonly project: number | null;
  readonly session: string | null;
  readonly data: string;
}

/** Reads single rows of both streams: `change_log` in the daemon's database, telemetry in the journal. */
export class RowReader {
  readonly #changes: ChangeLog | null;
  readonly #absent: string;
  readonly #keys: Keys;
  readonly #decoder: ChangeDecoder;
  readonly #journal: (position: number) => JournalRow | undefined;

  /**
   * @param changes `change_log`, or why it cannot be read
   * @internal
   */
  constructor({ analytics, leftOut }: Source, keys: Keys, versions: HostVersions, changes: ChangeLog | string) {
    this.#changes = typeof changes === 'string' ? null : changes;
    this.#absent = typeof changes === 'string' ? changes : 'the row is gone';
    this.#keys = keys;
    this.#decoder = new ChangeDecoder({ keys, leftOut, hostVersion: (at) => versions.at(at) });
    const journal = analytics.prepare<[number], JournalRow>(
      'SELECT name, at, project, session, data FROM journal WHERE position = ?',
    );
    this.#journal = (position) => journal.get(position);
  }

  read({ stream, position, role }: Evidence): ExplainedRow {
    const row = stream === 'telemetry' ? this.#ofJournal(position) : this.#ofChangeLog(position);
    if (typeof row !== 'string') return { stream, position, ...row, role, unread: null };
    return { stream, position, at: null, kind: null, fields: {}, role, unread: row };
  }

  /** The session row before this one of the same session. */
  beforeOfSession(seq: number): number | undefined {
    return this.#changes?.beforeOfSession(seq);
  }

  /** The last row of the observation before that of this row, of the same PR. */
  beforeOfPull(seq: number): number | undefined {
    const fact = this.#fact(seq);
    if (!this.#changes || typeof fact === 'string' || !('url' in fact)) return undefined;
    for (const cell of this.#changes.beforeOfPull(seq, fact.url)) {
      const decoded = this.#decoder.decode(cell);
      if (typeof decoded === 'object' && 'url' in decoded && decoded.url === fact.url) return decoded.seq;
    }
    return undefined;
  }

  #fact(seq: number): ChangeFact | string {
    const cell = this.#changes?.cell(seq);
    if (cell === undefined) return this.#absent;
    const decoded = this.#decoder.decode(cell);
    if (decoded === NOISE) return 'it says nothing but a session id';
    if (decoded === UNKNOWN) return 'it is of a type that this version does not know';
    if (decoded === LEFT_OUT || decoded === LEFT_OUT_BIRTH) return 'what it tells of was forgotten';
    return 'rejected' in decoded ? `it was rejected (${decoded.rejected})` : decoded;
  }

  #ofChangeLog(seq: number): Pick<ExplainedRow, 'at' | 'kind' | 'fields'> | string {
    const fact = this.#fact(seq);
    if (typeof fact === 'string') return fact;
    const kind = fact.type === 'session_chatted' ? 'session_updated' : fact.type;
    return { at: fact.at, kind, fields: this.#fields(fact) };
  }

  #fields(fact: ChangeFact): Record<string, FactValue> {
    const project = projectSubject(fact.project);
    if ('session' in fact && !('url' in fact)) {
      const session = this.#keys.session(fact.session);
      if (fact.type === 'session_chatted') return { session, project };
      const { activity, terminated } = fact;
      if (fact.type === 'session_created') return { session, project, activity, terminated };
      const { host } = fact;
      return { session, project, activity, terminated, host_version: host === Number.MAX_SAFE_INTEGER ? null : host };
    }
    const pr = this.#keys.pull(fact.url);
    switch (fact.type) {
      case 'pr_created':
      case 'pr_updated': {
        const { state, ci, review } = fact;
        return { pr, session: this.#keys.session(fact.session), project, state, ci, review };
      }
      case 'pr_session_changed':
        return { pr, to_session: this.#keys.session(fact.toSession), project };
      case 'pr_check_recorded':
        return { pr, project, commit: fact.commit };
      case 'pr_review_thread_resolved':
        return { pr, project, resolved: fact.resolved };
      default:
        return { pr, project };
    }
  }

  #ofJournal(position: number): Pick<ExplainedRow, 'at' | 'kind' | 'fields'> | string {
    const row = this.#journal(position);
    if (!row) return 'the journal has no such row';
    const { name: kind, at, project, session, data } = row;
    const ids = {
      ...(session === null ? {} : { session }),
      ...(project === null ? {} : { project: projectSubject(project) }),
    };
    return { at, kind, fields: { ...ids, ...JSON.parse(data) } };
  }
}
