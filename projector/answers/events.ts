import { mergeStreams } from '../../projections/order.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import {
  EVENTS,
  type EventDefinition,
  eventByCode,
  eventCode,
  eventParts,
  eventPosition,
  isOfTelemetry,
  type StreamName,
} from '../../projections/vocabulary.ts';
import {
  type Breakdown,
  breakdown,
  type Dimension,
  dimensionOf,
  eventsOf,
  type Filter,
  isOfProject,
  isWithin,
} from './filter.ts';
import { newest, read } from './order.ts';
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

export interface EventFilter extends Pick<Filter, 'since' | 'until' | 'project'> {
  /** All where it is empty. */
  readonly names: readonly EventDefinition[];
}

/**
 * Every event that passes the filter, oldest first: each stream by position, the two merged by the running maximum of `at` in
 * each, `change_log` first on ties.
 */
export function* events(source: Source, filter: EventFilter): Generator<EventAnswer> {
  const printer = new EventPrinter(source);
  const passes = passing(source, filter);
  // The order comes from every event, so what does not pass may only be left out afterwards.
  for (const derived of mergeStreams(read(source, 'change_log'), read(source, 'telemetry'))) {
    if (passes(derived)) yield printer.print(derived);
  }
}

/** The last events of {@link events}, at most `limit` of them, oldest first. */
export function newestEvents(source: Source, filter: EventFilter, limit: number): EventAnswer[] {
  const printer = new EventPrinter(source);
  return newest(source, passing(source, filter), limit).map((derived) => printer.print(derived));
}

/** The first events of {@link events}, at most `limit` of them, oldest first. */
export function oldestEvents(source: Source, filter: EventFilter, limit: number): EventAnswer[] {
  const found: EventAnswer[] = [];
  for (const event of events(source, filter)) if (found.push(event) === limit) break;
  return found;
}

/** How many of the events that pass the filter have each value of a dimension. */
export function countEvents(source: Source, filter: EventFilter, by: Dimension): Breakdown {
  const subjects = new Subjects(source);
  const definitions = filter.names.length > 0 ? filter.names : Object.values(EVENTS);
  const passes = passing(source, filter);
  const found = [...eventsOf(source, definitions)].filter(passes);
  return breakdown(found.map((one) => dimensionOf(subjects, one, by)));
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

  /** What an event is known by outside the derived file, by its row id and its subject as it is printed. */
  id(id: number, subject: string): string {
    const position = eventPosition(id);
    const causeKey = isOfTelemetry(id) ? this.#identity(position) : String(position);
    return digest(this.#historyId, eventByCode(eventCode(id)).name, subject, causeKey);
  }

  print(derived: DerivedEvent): EventAnswer {
    const { stream, position, definition } = eventParts(derived.id);
    const { name, category, subjectKind } = definition;
    const session = derived.session === null ? null : this.#subjects.session(derived.session);
    const ofSession =
      subjectKind === 'session' || subjectKind === 'pr'
        ? { harness: session?.harness ?? null, session_kind: session?.kind ?? null }
        : {};
    const subject = this.subject(derived);
    return {
      id: this.id(derived.id, subject),
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

  /** The subject of an event; of its dimensions the command alone is looked at. */
  subject({
    id,
    subject,
    project,
    dimensions,
  }: Pick<DerivedEvent, 'id' | 'subject' | 'project' | 'dimensions'>): string {
    switch (eventByCode(eventCode(id)).subjectKind) {
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

/** What the filter lets through. */
export function passing(source: Source, filter: EventFilter): (event: DerivedEvent) => boolean {
  const subjects = new Subjects(source);
  const { names } = filter;
  return ({ id, at, project }) =>
    (names.length === 0 || names.includes(eventParts(id).definition)) &&
    isWithin(filter, at) &&
    isOfProject(filter, subjects, project);
}
