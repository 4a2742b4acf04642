import type { Instant } from './instant.ts';
import type { ActiveDay, DerivedEvent, End, Life, Mark, Pull, Session, Start, Trace } from './state.ts';
import type { EventDefinition } from './vocabulary.ts';

/** Where events go. Nothing is final until the batch commits. */
export interface EventSink {
  /** Adds an event, or corrects the one with this id. */
  put(event: DerivedEvent): void;
  drop(id: number): void;
  /** Removes every event of a subject from the row id `from` on, and returns them. */
  takeSubject(subject: number, from: number): DerivedEvent[];
  /** The first event of a definition in row-id order, with this `how` where one is given. */
  first(definition: EventDefinition, how?: string): DerivedEvent | undefined;
  /** The earliest act of a user between two times, both inclusive; by row id among those of one time. */
  firstAct(from: number, to: number): DerivedEvent | undefined;
}

export interface SessionTable {
  /** The present incarnation of a session id. */
  current(id: string): Session | undefined;
  byBorn(born: number): Session | undefined;
  /** The present incarnation of the session id that has this hash. */
  byHash(hash: string): Session | undefined;
  /** Hash of the id of a session. */
  hashOf(session: Session): string;
  add(id: string, session: Session): void;
  /** Marks a session that was changed in place as to be written. */
  changed(session: Session): void;
  remove(session: Session): void;
  /** Sessions whose creation row may still vanish. */
  pending(): Iterable<Session>;
  /** Sessions of which the clock may still change what is told. */
  open(): Iterable<Session>;
  /** Sessions that are alive and known to run. */
  alive(): Iterable<Session>;
}

export interface PullTable {
  byUrl(url: string): Pull | undefined;
  byBorn(born: number): Pull | undefined;
  add(url: string, pull: Pull): void;
  changed(pull: Pull): void;
}

export interface EndTable {
  get(seq: number): End | undefined;
  /** The end with the highest seq below this one. */
  before(seq: number): End | undefined;
  /** The end with the lowest seq above this one. */
  after(seq: number): End | undefined;
  add(end: End): void;
  changed(end: End): void;
  remove(end: End): void;
  /** Ends restored at or after `restoredFrom`, and either over before `endedBefore` or restored by `restoredBy`; milliseconds. */
  restoredAround(restoredFrom: number, endedBefore: number, restoredBy: number): End[];
  /** Ends between two times, both inclusive, in milliseconds. */
  between(from: number, to: number): End[];
  /** Whether a life that ended had begun before this time, and went on after it. */
  livedThrough(at: number): boolean;
}

export interface LifeTable {
  get(session: string, created: Instant): Life | undefined;
  add(life: Life): void;
  changed(life: Life): void;
  /** Lives that began between two times, both inclusive, in milliseconds. */
  begunBetween(from: number, to: number): Life[];
}

/** The facts of the journal that the join of the two streams asks for. */
export interface MarkTable {
  addStart(start: Start): void;
  /** A daemon that was up at this time left its run file behind. */
  addLeft(left: Mark): void;
  /** A run file was seen to go. */
  addStop(stop: Mark): void;
  addHook(hook: Mark): void;
  addSpawnFailure(project: number, failure: Mark, durationMs: number): void;
  /** Our triggers were removed, or found to be gone. */
  addLoss(loss: Mark): void;
  /** Recorded daemon starts between two times, both inclusive, in time order. */
  starts(from: Instant, to: Instant): Mark[];
  /** Daemon starts, recorded or seen, between two times in milliseconds, both inclusive, in time order. */
  allStarts(from: number, to: number): Start[];
  /** The start at this position of the journal. */
  start(position: number): Start | undefined;
  /** The first starts after a time, recorded or seen, in time order. */
  startsAfter(after: Instant, limit: number): Start[];
  /** The last time before this one at which a daemon was up that left its run file behind. */
  lastLeft(before: Instant): Mark | undefined;
  /** An `ao hooks` command that was recorded between two times, both inclusive. */
  hook(from: Instant, to: Instant): Mark | undefined;
  /** Whether our triggers went between two times, both inclusive. */
  hasLoss(from: Instant, to: Instant): boolean;
  /** Failed spawns of a project recorded between two times, both inclusive. */
  spawnFailures(project: number, from: Instant, to: Instant): (Mark & { readonly durationMs: number })[];
}

/** What was counted of a day, and where. */
export interface Count {
  /** Days since 1970. */
  readonly day: number;
  readonly name: string;
  readonly command: string;
  readonly actor: string;
  readonly position: number;
  readonly at: number;
}

/** Commands, counted by day, command and actor. */
export interface DailyCountTable {
  add(count: Count): void;
  /** The earliest command of a user on a day, by position among those of one time. */
  firstByUser(day: number): { readonly position: number; readonly at: number } | undefined;
}

export interface ActiveDayTable {
  get(day: number): ActiveDay | undefined;
  set(day: ActiveDay): void;
  remove(day: number): void;
  countBefore(day: number): number;
  /** The days from this one on, in order. */
  from(day: number): Iterable<ActiveDay>;
}

export interface TraceTable {
  add(trace: Trace): void;
  /** Every trace of what was done to one session or project. */
  of(of: string): Trace[];
}
