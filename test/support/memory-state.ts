import { ACTS } from '../../projections/active-days.ts';
import { type Instant, nanosBetween } from '../../projections/instant.ts';
import type { ActiveDay, Start, Trace } from '../../projections/state.ts';
import {
  type DerivedEvent,
  type End,
  initialProgress,
  type Life,
  type Mark,
  type Pull,
  type Session,
  type State,
} from '../../projections/state.ts';
import type {
  ActiveDayTable,
  Count,
  DailyCountTable,
  EndTable,
  EventSink,
  LifeTable,
  MarkTable,
  PullTable,
  SessionTable,
  TraceTable,
} from '../../projections/tables.ts';
import { type EventDefinition, eventParts } from '../../projections/vocabulary.ts';

/**
 * A fold's state in maps. {@link MemoryState.forget} keeps what a derived file would: rows as JSON, and of those only what was
 * marked as changed.
 */
export class MemoryState implements State {
  progress = initialProgress();
  readonly sessions = new MemorySessions();
  readonly pulls = new MemoryPulls();
  readonly ends = new MemoryEnds();
  readonly marks = new MemoryMarks();
  readonly lives = new MemoryLives();
  readonly traces = new MemoryTraces();
  readonly dailyCounts = new MemoryDailyCounts();
  readonly activeDays = new MemoryActiveDays();
  readonly events = new MemoryEvents();
  readonly withheld = new MemoryEvents();
  readonly dirtySessions = new Set<number>();
  readonly dirtyEnds = new Set<number>();
  readonly dirtyTraces = new Set<string>();
  readonly dirtyStarts = new Set<number>();
  readonly dirtyDays = new Set<number>();

  /** Goes on as a process does that opens the file anew: from the rows alone. */
  forget(): void {
    this.progress = JSON.parse(JSON.stringify(this.progress));
    for (const table of [this.sessions, this.pulls, this.ends]) table.forget();
  }
}

/** Rows by their keys: objects while a batch is under way, texts after {@link Rows.forget}. */
abstract class Rows<T> {
  readonly #texts = new Map<number, string>();
  readonly #held = new Map<number, T>();
  readonly #dirty = new Set<number>();
  protected abstract key(row: T): number;

  changed(row: T): void {
    this.#dirty.add(this.key(row));
  }

  remove(row: T): void {
    for (const keys of [this.#texts, this.#held, this.#dirty]) keys.delete(this.key(row));
  }

  forget(): void {
    for (const key of this.#dirty) this.#texts.set(key, JSON.stringify(this.#held.get(key)));
    this.#dirty.clear();
    this.#held.clear();
  }

  protected hold(row: T): void {
    this.#held.set(this.key(row), row);
    this.changed(row);
  }

  protected find(key: number): T | undefined {
    const text = this.#texts.get(key);
    if (!this.#held.has(key) && text !== undefined) this.#held.set(key, JSON.parse(text));
    return this.#held.get(key);
  }

  /** Every row, by key. */
  protected all(): T[] {
    const keys = new Set([...this.#texts.keys(), ...this.#held.keys()]);
    return [...keys].sort((a, b) => a - b).map((key) => this.find(key)!);
  }
}

class MemorySessions extends Rows<Session> implements SessionTable {
  readonly #current = new Map<string, number>();

  current(id: string): Session | undefined {
    return this.find(this.#current.get(id) ?? 0);
  }

  byBorn(born: number): Session | undefined {
    return this.find(born);
  }

  /** A session id stands for its own hash. */
  byHash(hash: string): Session | undefined {
    return this.current(hash);
  }

  hashOf({ born }: Session): string {
    return [...this.#current].find(([, present]) => present === born)![0];
  }

  add(id: string, session: Session): void {
    this.#current.set(id, session.born);
    this.hold(session);
  }

  open(): Session[] {
    return this.all().filter(({ open }) => open);
  }

  alive(): Session[] {
    return this.all().filter(({ aliveUntil }) => aliveUntil !== null);
  }

  pending(): Session[] {
    return this.all().filter(({ firm }) => !firm);
  }

  protected key({ born }: Session): number {
    return born;
  }
}

class MemoryPulls extends Rows<Pull> implements PullTable {
  readonly #urls = new Map<string, number>();

  byUrl(url: string): Pull | undefined {
    return this.find(this.#urls.get(url) ?? 0);
  }

  byBorn(born: number): Pull | undefined {
    return this.find(born);
  }

  add(url: string, pull: Pull): void {
    this.#urls.set(url, pull.born);
    this.hold(pull);
  }

  protected key({ born }: Pull): number {
    return born;
  }
}

class MemoryEnds extends Rows<End> implements EndTable {
  get(seq: number): End | undefined {
    return this.find(seq);
  }

  before(seq: number): End | undefined {
    return this.all().findLast((end) => end.seq < seq);
  }

  after(seq: number): End | undefined {
    return this.all().find((end) => end.seq > seq);
  }

  add(end: End): void {
    this.hold(end);
  }

  restoredAround(restoredFrom: number, endedBefore: number, restoredBy: number): End[] {
    return this.all().filter(
      ({ at, restored }) =>
        restored !== null && restored.at >= restoredFrom && (at <= endedBefore || restored.at <= restoredBy),
    );
  }

  between(from: number, to: number): End[] {
    return this.all().filter(({ at }) => from <= at && at <= to);
  }

  livedThrough(at: number): boolean {
    return this.all().some(({ alive }) => alive !== null && alive.since < at && at < alive.until);
  }

  protected key({ seq }: End): number {
    return seq;
  }
}

class MemoryLives implements LifeTable {
  readonly #lives: Life[] = [];

  get(session: string, created: Instant): Life | undefined {
    return this.#lives.find((life) => life.session === session && nanosBetween(life, created) === 0);
  }

  add(life: Life): void {
    this.#lives.push(life);
  }

  changed(life: Life): void {
    if (!this.#lives.includes(life)) throw new Error('Expected a life of this table');
  }

  begunBetween(from: number, to: number): Life[] {
    return this.#lives.filter(({ at }) => from <= at && at <= to);
  }
}

class MemoryTraces implements TraceTable {
  readonly #traces: Trace[] = [];

  add(trace: Trace): void {
    this.#traces.push(trace);
  }

  of(of: string): Trace[] {
    return this.#traces.filter((trace) => trace.of === of);
  }
}

class MemoryDailyCounts implements DailyCountTable {
  readonly #counts: Count[] = [];

  add(count: Count): void {
    this.#counts.push(count);
  }

  firstByUser(day: number): Count | undefined {
    return this.#counts
      .filter((count) => count.day === day && count.actor === 'user')
      .sort((a, b) => a.at - b.at || a.position - b.position)[0];
  }
}

class MemoryActiveDays implements ActiveDayTable {
  readonly #days = new Map<number, ActiveDay>();

  get(day: number): ActiveDay | undefined {
    return this.#days.get(day);
  }

  set(day: ActiveDay): void {
    this.#days.set(day.day, day);
  }

  remove(day: number): void {
    this.#days.delete(day);
  }

  countBefore(day: number): number {
    return [...this.#days.keys()].filter((other) => other < day).length;
  }

  from(day: number): ActiveDay[] {
    return [...this.#days.values()].filter((other) => other.day >= day).sort((a, b) => a.day - b.day);
  }
}

class MemoryMarks implements MarkTable {
  readonly #starts: Start[] = [];
  readonly #left: Mark[] = [];
  readonly #stops: Instant[] = [];
  readonly #hooks: Mark[] = [];
  readonly #losses: Instant[] = [];
  readonly #failures: (Mark & { readonly project: number; readonly durationMs: number })[] = [];

  addStart(start: Start): void {
    this.#starts.push(start);
    this.#starts.sort((a, b) => nanosBetween(b, a));
  }

  addLeft(left: Mark): void {
    this.#left.push(left);
  }

  addStop(stop: Mark): void {
    this.#stops.push(stop);
  }

  addHook(hook: Mark): void {
    this.#hooks.push(hook);
  }

  addSpawnFailure(project: number, { at, nanos, position }: Mark, durationMs: number): void {
    this.#failures.push({ project, at, nanos, position, durationMs });
  }

  addLoss(loss: Mark): void {
    this.#losses.push(loss);
  }

  hasLoss(from: Instant, to: Instant): boolean {
    return this.#losses.some((loss) => isBetween(from, loss, to));
  }

  starts(from: Instant, to: Instant): Mark[] {
    return this.#starts.filter(({ source, ...start }) => source === 'recorded' && isBetween(from, start, to));
  }

  allStarts(from: number, to: number): Start[] {
    return this.#starts.filter(({ at }) => from <= at && at <= to);
  }

  start(position: number): Start | undefined {
    return this.#starts.find((start) => start.position === position);
  }

  startsAfter(after: Instant, limit: number): Start[] {
    return this.#starts.filter((start) => nanosBetween(after, start) > 0).slice(0, limit);
  }

  lastLeft(before: Instant): Mark | undefined {
    const earlier = this.#left.filter((left) => nanosBetween(left, before) > 0);
    return earlier.sort((a, b) => nanosBetween(b, a)).at(-1);
  }

  hook(from: Instant, to: Instant): Mark | undefined {
    return this.#hooks.find((hook) => isBetween(from, hook, to));
  }

  spawnFailures(project: number, from: Instant, to: Instant) {
    return this.#failures.filter((failure) => failure.project === project && isBetween(from, failure, to));
  }
}

class MemoryEvents implements EventSink {
  readonly #events = new Map<number, DerivedEvent>();

  put(event: DerivedEvent): void {
    this.#events.set(event.id, event);
  }

  drop(id: number): void {
    this.#events.delete(id);
  }

  takeSubject(subject: number, from: number): DerivedEvent[] {
    const taken = this.all().filter((event) => event.subject === subject && event.id >= from);
    for (const { id } of taken) this.drop(id);
    return taken;
  }

  first(definition: EventDefinition, how?: string): DerivedEvent | undefined {
    return this.all().find(
      ({ id, dimensions }) =>
        eventParts(id).definition === definition && (how === undefined || dimensions?.how === how),
    );
  }

  firstAct(from: number, to: number): DerivedEvent | undefined {
    const isAct = ({ id, at }: DerivedEvent) =>
      ACTS.some((act) => act === eventParts(id).definition) && from <= at && at <= to;
    return this.all()
      .filter(isAct)
      .sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }

  /** Every event, in row-id order. */
  all(): DerivedEvent[] {
    return [...this.#events.values()].sort((a, b) => a.id - b.id);
  }
}

function isBetween(from: Instant, at: Instant, to: Instant): boolean {
  return nanosBetween(from, at) >= 0 && nanosBetween(at, to) >= 0;
}
