import SQLite from 'better-sqlite3';
import type { DerivedEvent } from '../../../../projections/state.ts';
import { EVENTS, type EventDefinition, eventId, projectKey } from '../../../../projections/vocabulary.ts';
import { parseQuestion, type QuestionJson } from '../../../../projector/answers/funnel/question-json.ts';
import { Source } from '../../../../projector/answers/source.ts';
import { type WhyAnswer, why } from '../../../../projector/answers/why/why.ts';
import { rebuild } from '../../../../projector/pipeline/rebuild.ts';
import { EventTable } from '../../../../projector/store/derived/event-table.ts';
import { Packing } from '../../../../projector/store/derived/packed.ts';
import { type Paths, pathsOf } from '../../../../projector/store/paths.ts';
import { currentNumber, Store } from '../../../../projector/store/store.ts';
import { TinyHost } from '../../../oracle/tiny.ts';
import { placesIn } from '../../../support/processes.ts';
import { withFolder } from '../../../support/temporary.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When histories begin, and a moment long after all of them. */
export const BEGIN = Date.UTC(2026, 0, 1);
export const AFTER = BEGIN + 900 * DAY;

type Dimensions = Readonly<Record<string, string>>;

/** A pull request, and its sessions: the last one owns it. */
interface Pull {
  readonly subject: number;
  session: number;
}

/** Derived events, as no daemon need have made them: what befalls whom is up to the test. Those of one subject come in their order. */
export class History {
  readonly events: DerivedEvent[] = [];
  readonly harnesses = new Map<number, string>();
  readonly #projects = new Map<number, number>();
  #position = 0;

  /** A session, told by its key. */
  session(at: number, { project = 1, harness = 'codex' } = {}): number {
    const key = this.#position + 1;
    this.#projects.set(key, project);
    this.harnesses.set(key, harness);
    return this.of(key, EVENTS.spawned, at);
  }

  of(session: number, definition: EventDefinition, at: number, dimensions: Dimensions | null = null): number {
    this.#put(definition, session, session, this.#projects.get(session)!, at, dimensions);
    return session;
  }

  pull(session: number, at: number): Pull {
    const pull = { subject: this.#position + 1, session };
    this.ofPull(pull, EVENTS.prObserved, at, { how: 'found' });
    return pull;
  }

  claim(pull: Pull, session: number, at: number): void {
    pull.session = session;
    this.ofPull(pull, EVENTS.prObserved, at, { how: 'claimed' });
  }

  ofPull(
    { subject, session }: Pull,
    definition: EventDefinition,
    at: number,
    dimensions: Dimensions | null = null,
  ): void {
    this.#put(definition, subject, session, this.#projects.get(session)!, at, dimensions);
  }

  ofProject(project: number, definition: EventDefinition, at: number, dimensions: Dimensions | null = null): void {
    this.#put(definition, projectKey(project), null, project, at, dimensions);
  }

  ofInstall(definition: EventDefinition, at: number, dimensions: Dimensions | null = null): void {
    this.#put(definition, 0, null, null, at, dimensions);
  }

  #put(
    definition: EventDefinition,
    subject: number,
    session: number | null,
    project: number | null,
    at: number,
    dimensions: Dimensions | null,
  ): void {
    this.#position += 1;
    const id = eventId('change_log', this.#position, definition);
    this.events.push({ id, subject, session, project, at: Math.round(at), dimensions, measures: null });
  }
}

/** Derived tables whose events are exchanged for those of one history after the other. */
export class Histories {
  readonly #paths: Paths;

  constructor(paths: Paths) {
    this.#paths = paths;
    new TinyHost(paths.host).close();
    const store = Store.open({ paths, events: true, now: () => 0, pid: process.pid });
    for (const _ of rebuild(store));
    store.close();
  }

  ask<T>(history: History, ask: (source: Source) => T): T {
    this.#write(history);
    const source = Source.open(this.#paths, { metrics: true, events: true, remote: [] });
    try {
      return ask(source);
    } finally {
      source.close();
    }
  }

  #write({ events, harnesses }: History): void {
    const analytics = new SQLite(this.#paths.analytics, { readonly: true });
    const db = new SQLite(this.#paths.derived(currentNumber(analytics)!));
    analytics.close();
    db.unsafeMode(true);
    db.pragma('synchronous = OFF');
    db.transaction(() => {
      for (const table of ['event', 'observed_session']) db.exec(`DELETE FROM ${table}`);
      const table = new EventTable(db, 'event', []);
      for (const event of events) table.put(event);
      table.flush();
      const observe = db.prepare("INSERT INTO observed_session VALUES (?, 'worker', ?)");
      for (const session of harnesses) observe.run(...session);
      new Packing(db).packAll();
    })();
    db.close();
  }
}

/** What is answered over a history, `AFTER` it where nothing else is said. */
export type Why = (history: History, question: QuestionJson, step: string, now?: number) => WhyAnswer;

/** Runs with a way to ask why. */
export function asking<T>(run: (ask: Why) => T): T {
  return withFolder((folder) => {
    const histories = new Histories(pathsOf(placesIn(folder)));
    return run((history, question, step, now = AFTER) =>
      histories.ask(history, (source) => why(source, parseQuestion(question, now), step)),
    );
  });
}
