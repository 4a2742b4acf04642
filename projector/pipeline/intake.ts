import { OBSERVED, type SessionCreated, TRIGGERED } from '../../projections/facts.ts';
import { UNKNOWN } from '../host/decode.ts';
import type { Snapshot } from '../host/host-database.ts';
import type { HostVersions } from '../host/host-versions.ts';
import type { Keys } from '../host/keys.ts';
import { decodeTelemetry, type NewFact, type TelemetryRow } from '../host/telemetry.ts';
import { TELEMETRY_PAGE_ROWS } from '../host/telemetry-table.ts';
import { parseTimestamp } from '../host/timestamp.ts';
import { isLost } from '../host/trigger-state.ts';
import type { IntakeMark, Journal, NewIdentity } from '../store/journal.ts';

export interface TakenIn {
  readonly facts: readonly NewFact[];
  readonly identities: readonly NewIdentity[];
  readonly mark: IntakeMark;
  /** Whether rows are left after this page. */
  readonly more: boolean;
}

/** Reads `telemetry_event`, and observes projects, migrations and the loss of our triggers, for the journal. */
export class Intake {
  readonly #keys: Keys;
  readonly #versions: HostVersions;
  readonly #now: () => number;
  readonly #known: Set<string>;
  #mark: IntakeMark;

  constructor(journal: Journal, keys: Keys, versions: HostVersions, now: () => number) {
    this.#keys = keys;
    this.#versions = versions;
    this.#now = now;
    this.#known = new Set(
      (['project', 'migration', 'triggers_lost'] as const).flatMap((kind) =>
        journal.observed(kind).map(({ identity }) => identity),
      ),
    );
    this.#mark = journal.intakeMark();
  }

  read({ telemetry, observed, triggers }: Snapshot): TakenIn {
    const migrations = observed.migrations(this.#known);
    this.#versions.add(migrations);
    const projects = observed.projects(this.#keys, this.#known);
    const identities = projects.map(({ project, raw }) => ({ kind: 'project' as const, hash: String(project), raw }));
    const from = this.#startOf(telemetry);
    const rows = telemetry?.page(from) ?? [];
    const decoded = rows.map((row) => this.#decode(row));
    const installedAt = decoded.reduce(whenInstalled, this.#mark.installedAt);
    const more = rows.length === TELEMETRY_PAGE_ROWS;
    const losses = !more && installedAt !== 0 && isLost(triggers) ? this.#loss(installedAt) : [];
    const last = rows.at(-1);
    const mark = last
      ? { ...this.#mark, rowid: last.rowid, identity: this.#keys.telemetry(String(last.id)), installedAt }
      : this.#mark;
    return { facts: [...migrations, ...projects, ...decoded, ...losses], identities, mark, more };
  }

  /** Creation row up to which sessions were observed. */
  get observedBorn(): number {
    return this.#mark.observedBorn;
  }

  /** Adds sessions that were observed to what was taken in, which may be nothing. */
  withSessions(sessions: readonly NewFact[], takenIn: TakenIn = this.#nothing()): TakenIn {
    const last = sessions.at(-1);
    if (!last) return takenIn;
    const mark = { ...takenIn.mark, observedBorn: Number(last.data.born) };
    return { ...takenIn, facts: [...takenIn.facts, ...sessions], mark };
  }

  /** Whether the journal lacks anything of what was read. */
  isNews({ facts, mark }: TakenIn): boolean {
    return facts.length > 0 || mark.rowid !== this.#mark.rowid;
  }

  /** Says that the journal has what was read. */
  journaled({ facts, mark }: TakenIn): void {
    for (const { identity, name } of facts) {
      if (KNOWN_ONCE.has(name)) this.#known.add(identity);
    }
    this.#mark = mark;
  }

  #nothing(): TakenIn {
    return { facts: [], identities: [], mark: this.#mark, more: false };
  }

  /** Rowids restart after a VACUUM or a deletion; then all is read again, and the journal knows what it has. */
  #startOf(telemetry: Snapshot['telemetry']): number {
    if (!telemetry || this.#mark.rowid === 0) return 0;
    const id = telemetry.id(this.#mark.rowid);
    return id !== undefined && this.#keys.telemetry(id) === this.#mark.identity ? this.#mark.rowid : 0;
  }

  /** One installation is lost once. */
  #loss(installedAt: number): NewFact[] {
    const identity = `triggers_lost:${installedAt}`;
    if (this.#known.has(identity)) return [];
    const fact = { identity, name: OBSERVED.triggersLost, at: this.#now(), nanos: 0, project: null, session: null };
    return [{ ...fact, data: {} }];
  }

  #decode(row: TelemetryRow): NewFact {
    const decoded = decodeTelemetry(row, this.#keys);
    if (decoded !== UNKNOWN && !('rejected' in decoded)) return decoded;
    const instant = parseTimestamp(String(row.occurred_at)) ?? { at: this.#now(), nanos: 0 };
    const base = { identity: this.#keys.telemetry(String(row.id)), ...instant, project: null, session: null };
    if (decoded === UNKNOWN) return { ...base, name: OBSERVED.unknown, data: {} };
    return { ...base, name: OBSERVED.rejected, data: { reason: decoded.rejected } };
  }
}

/** What creation rows say of their sessions, for those after the last that was observed. */
export function observeSessions(
  observed: Snapshot['observed'],
  created: readonly SessionCreated[],
  observedBorn: number,
  keys: Keys,
): NewFact[] {
  return created.filter(({ seq }) => seq > observedBorn).map((fact) => observed.session(fact, keys));
}

const KNOWN_ONCE: ReadonlySet<string> = new Set([OBSERVED.project, OBSERVED.migration, OBSERVED.triggersLost]);

/** What the markers of our triggers say, one after the other. */
function whenInstalled(before: number, { name, at }: NewFact): number {
  if (name === TRIGGERED.installed) return at;
  return name === TRIGGERED.uninstalled ? 0 : before;
}
