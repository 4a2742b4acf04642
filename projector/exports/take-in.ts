import type { Database } from 'better-sqlite3';
import type { DerivedEvent } from '../../projections/state.ts';
import { EVENTS, eventCode } from '../../projections/vocabulary.ts';
import { EventPrinter } from '../answers/events.ts';
import type { Source } from '../answers/source.ts';
import { Subjects } from '../answers/subjects.ts';
import type { Keys } from '../host/keys.ts';
import { LeftOutFacts } from '../store/left-out-facts.ts';
import { readLeftOut } from '../store/left-out-rows.ts';
import type { Consent } from './consent.ts';
import { contributionsOf, type Durations } from './contributions.ts';
import { installHash } from './install.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { Rates } from './rates.ts';
import { type Day, recordOf, recordOfDay } from './record.ts';
import { stepDurations } from './steps.ts';
import { Totals } from './totals.ts';

export interface TakeInOptions {
  readonly analytics: Database;
  readonly source: Source;
  readonly keys: Keys;
  readonly isDisabled: (name: string) => boolean;
}

/** Takes settled events into the totals of the metrics and into the outbox of the other sinks. */
export class TakeIn {
  readonly #source: Source;
  readonly #isDisabled: (name: string) => boolean;
  readonly #install: string;
  readonly #printer: EventPrinter;
  readonly #subjects: Subjects;
  readonly #forgotten: LeftOutFacts;
  readonly #totals: Totals;
  readonly #outbox: Outbox;
  readonly #rates: Rates;

  constructor({ analytics, source, keys, isDisabled }: TakeInOptions) {
    this.#source = source;
    this.#isDisabled = isDisabled;
    this.#install = installHash(analytics, keys);
    this.#printer = new EventPrinter(source);
    this.#subjects = new Subjects(source);
    this.#forgotten = new LeftOutFacts(readLeftOut(analytics, source.history));
    this.#totals = new Totals(analytics);
    this.#outbox = new Outbox(analytics, this.#install);
    this.#rates = new Rates(analytics);
  }

  /** An event, for those sinks whose consents cover it. What was asked to be forgotten is passed over. */
  event(event: DerivedEvent, covering: readonly Consent[]): void {
    const session = event.session === null ? null : this.#subjects.session(event.session);
    const { id, at, project } = event;
    const hash = session?.hash ?? null;
    if (project !== null && this.#forgotten.hasProject(project)) return;
    if (hash !== null && this.#forgotten.hasSession(hash)) return;
    const told = covering.filter(({ sink }) => sink !== 'metrics');
    const since = Math.max(...told.map((consent) => consent.since));
    const printed = this.#printer.print(withoutSpanFromBefore(event, since));
    if (this.#isDisabled(printed.name)) return;
    const outgoing = { record: recordOf(printed, id, this.#install), event: id, at, session: hash, project };
    this.#add(outgoing, covering, (metrics) => this.#durations(event, session?.kind === 'worker', metrics));
  }

  /** The count of a day, which is one event whatever else there is. */
  day(day: Day, covering: readonly Consent[]): void {
    if (this.#isDisabled(day.name)) return;
    const outgoing = { record: recordOfDay(day), event: null, at: day.from, session: null, project: null };
    this.#add(outgoing, covering, () => ({ steps: [] }));
  }

  #durations(event: DerivedEvent, isWorker: boolean, { since }: Consent): Durations {
    const { measures } = withoutSpanFromBefore(event, since);
    return { ...measures, steps: stepDurations(this.#source, event, isWorker, since) };
  }

  /** @param durations what is told of how long something took to who consented to metrics */
  #add(outgoing: Outgoing, covering: readonly Consent[], durations: (metrics: Consent) => Durations): void {
    const { record, at } = outgoing;
    const metrics = covering.find(({ sink }) => sink === 'metrics');
    if (metrics) {
      for (const contribution of contributionsOf(record, durations(metrics))) this.#totals.add(contribution);
    }
    if (covering.every(({ sink }) => sink === 'metrics')) return;
    const isCount = outgoing.event === null;
    if (isCount || this.#rates.take(record.name, at)) this.#outbox.add(outgoing);
    else this.#outbox.addToMany(outgoing);
  }
}

/**
 * How long something took says when it began, and that may be from before consent; of a session that was spawned it says when it
 * was launched after that.
 */
function withoutSpanFromBefore(event: DerivedEvent, since: number): DerivedEvent {
  const { id, at, measures } = event;
  const spanMs = measures?.dwell_ms ?? measures?.duration_ms ?? 0;
  if (eventCode(id) === EVENTS.spawned.code || at - spanMs >= since) return event;
  const { dwell_ms: _, duration_ms: __, ...rest } = measures!;
  return { ...event, measures: rest };
}
