import { sql } from 'drizzle-orm';
import { event } from '../../drizzle/derived.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import { type EventDefinition, eventParts, type StreamName } from '../../projections/vocabulary.ts';
import { fromRow } from '../store/derived/event-table.ts';
import { digest, type Source } from './source.ts';
import { Subjects } from './subjects.ts';

/** An event as programs read it. */
export interface EventAnswer {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly subject_kind: string;
  readonly subject: string;
  readonly session: string | null;
  readonly project: string | null;
  readonly at: number;
  readonly cause_stream: StreamName;
  readonly cause_position: number;
  readonly dimensions: Readonly<Record<string, string | null>>;
  readonly measures: Readonly<Record<string, number>>;
  readonly raw: {
    readonly subject: string | null;
    readonly session: string | null;
    readonly project: string | null;
  } | null;
}

export interface EventFilter {
  readonly names: readonly EventDefinition[];
  /** Milliseconds UTC, both inclusive; null for no bound. */
  readonly since: number | null;
  readonly until: number | null;
}

/**
 * Every event that passes the filter, oldest first: each stream by position, the two merged by the running maximum of `at` in
 * each, `change_log` first on ties.
 */
export function* events(source: Source, filter: EventFilter): Generator<EventAnswer> {
  const printer = new EventPrinter(source);
  // The order comes from every event, so what does not pass may only be left out afterwards.
  for (const derived of mergeStreams(read(source, 'change_log'), read(source, 'telemetry'))) {
    if (passes(filter, derived)) yield printer.print(derived);
  }
}

/** Turns derived events into what programs read. */
export class EventPrinter {
  readonly #subjects: Subjects;
  readonly #historyId: string;
  readonly #showsRaw: boolean;
  readonly #identity: (position: number) => string;

  constructor(source: Source) {
    this.#subjects = new Subjects(source);
    this.#historyId = source.historyId;
    this.#showsRaw = source.showsRaw;
    const identity = source.analytics
      .prepare<[number], string>('SELECT identity FROM journal WHERE position = ?')
      .pluck();
    this.#identity = (position) => identity.get(position) ?? '';
  }

  print(derived: DerivedEvent): EventAnswer {
    const { stream, position, definition } = eventParts(derived.id);
    const { name, category, subjectKind } = definition;
    const session = derived.session === null ? null : this.#subjects.session(derived.session);
    const subject = this.#subject(subjectKind, derived);
    const causeKey = stream === 'telemetry' ? this.#identity(position) : String(position);
    const ofSession =
      subjectKind === 'session' || subjectKind === 'pr'
        ? { harness: session?.harness ?? null, session_kind: session?.kind ?? null }
        : {};
    return {
      id: digest(this.#historyId, name, subject, causeKey),
      name,
      category,
      subject_kind: subjectKind,
      subject,
      session: session?.subject ?? null,
      project: derived.project === null ? null : this.#subjects.project(derived.project),
      at: derived.at,
      cause_stream: stream,
      cause_position: position,
      dimensions: { ...derived.dimensions, ...ofSession },
      measures: { ...derived.measures },
      raw: this.#showsRaw ? this.#raw(subjectKind, derived) : null,
    };
  }

  #subject(kind: EventDefinition['subjectKind'], { subject, project, dimensions }: DerivedEvent): string {
    switch (kind) {
      case 'install':
        return this.#subjects.install();
      case 'project':
        return this.#subjects.project(project!);
      case 'command':
        return digest('command', dimensions?.command ?? '');
      case 'pr':
        return this.#subjects.pull(subject);
      case 'session':
        return this.#subjects.session(subject)?.subject ?? '';
    }
  }

  #raw(
    kind: EventDefinition['subjectKind'],
    { subject, session, project, dimensions }: DerivedEvent,
  ): EventAnswer['raw'] {
    const rawSession = session === null ? null : this.#subjects.rawSession(session);
    const rawProject = project === null ? null : this.#subjects.rawProject(project);
    const rawSubject = {
      install: () => null,
      command: () => dimensions?.command ?? null,
      project: () => rawProject,
      pr: () => this.#subjects.rawPull(subject),
      session: () => rawSession,
    }[kind]();
    return { subject: rawSubject, session: rawSession, project: rawProject };
  }
}

/** Merges events of the two streams, each in the order of its positions, by the latest time that each has come to. */
export function* mergeStreams(
  changes: Iterator<DerivedEvent>,
  telemetry: Iterator<DerivedEvent>,
): Generator<DerivedEvent> {
  let change = changes.next();
  let other = telemetry.next();
  let changeClock = Number.NEGATIVE_INFINITY;
  let otherClock = Number.NEGATIVE_INFINITY;
  while (!change.done || !other.done) {
    if (!change.done) changeClock = Math.max(changeClock, change.value.at);
    if (!other.done) otherClock = Math.max(otherClock, other.value.at);
    if (!change.done && (other.done || changeClock <= otherClock)) {
      yield change.value;
      change = changes.next();
    } else if (!other.done) {
      yield other.value;
      other = telemetry.next();
    }
  }
}

function passes({ names, since, until }: EventFilter, { id, at }: DerivedEvent): boolean {
  if ((since !== null && at < since) || (until !== null && at > until)) return false;
  return names.length === 0 || names.includes(eventParts(id).definition);
}

function* read(source: Source, stream: StreamName): Generator<DerivedEvent> {
  const ofStream = sql`(${event.id} & 64) = ${stream === 'telemetry' ? 64 : 0}`;
  const query = source.tables.select().from(event).where(ofStream).orderBy(event.id).toSQL();
  const rows = source.derived.prepare<unknown[], Parameters<typeof fromRow>[0]>(query.sql).iterate(...query.params);
  for (const row of rows) yield fromRow(row);
}
