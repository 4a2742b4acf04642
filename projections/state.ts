import type { Activity, CiState, PullState, ReviewDecision } from './facts.ts';
import { noRecentFailures, type RecentFailures } from './failures.ts';
import type { Instant } from './instant.ts';
import type {
  ActiveDayTable,
  DailyCountTable,
  EndTable,
  EventSink,
  LifeTable,
  MarkTable,
  PullTable,
  SessionTable,
  TraceTable,
} from './tables.ts';
import type { StreamName } from './vocabulary.ts';

/** One incarnation of a session id, from its creation row on. */
export interface Session {
  /** Seq of the creation row: the incarnation's key for ever. */
  readonly born: number;
  readonly createdAt: number;
  readonly createdNanos: number;
  readonly project: number;
  /** The number at the end of the session id; 0 where it has none. */
  readonly number: number;
  activity: Activity;
  terminated: boolean;
  preview: string;
  /** The first row that must have been a first signal, as far as rows alone can tell; and the few before it that may have been. */
  signal: Row | null;
  early: Row[];
  /** Row id of the first-signal event that is there now; 0 for none. */
  signalEvent: number;
  signalAt: number | null;
  /** Whether a row has followed the creation row. */
  updated: boolean;
  /** When the present wait began, in milliseconds, and the row that began it; null while nothing waits. */
  waitingSince: number | null;
  waitingRow: number;
  /** Whether the present wait is told as too long, and whether the silence after the creation is. */
  stuck: boolean;
  silent: boolean;
  /** Whether the clock may still change what is told of either. */
  open: boolean;
  /** When it first ended, in milliseconds, and the row that says so; null and 0 before. */
  firstEndAt: number | null;
  firstEnd: number;
  /** Row id of the event that tells of its failed spawn; 0 for none. */
  failureEvent: number;
  /** Seq of the latest end; 0 before the first. */
  lastEnd: number;
  /** Since when it has been alive, and up to when it is known to have run since, in milliseconds; null where it is not known to. */
  aliveSince: number;
  aliveUntil: number | null;
  /** Seq of the end that was the first row after the creation: it may be a late failure. 0 for none. */
  earlyEnd: number;
  openPulls: number;
  /** The observation that was the latest of this session's rows, when it was its PR reaching `merged`; else null. */
  merge: { readonly pull: number; readonly seq: number } | null;
  /** Whether its creation row can no longer vanish: it has ended, or has owned a PR. */
  firm: boolean;
  /** Whether its events are withheld: it is not known to have been spawned, or known not to have been. */
  withheld: boolean;
  /** How long its launch took, in milliseconds, as its spawned event says; null where nobody saw. */
  launchMs: number | null;
  /** Earliest and latest time among its rows, kept while they may vanish. */
  span: Span;
}

/** A row of `change_log` and its time. */
export interface Row extends Instant {
  readonly seq: number;
}

export interface Span {
  oldest: number | null;
  newest: number | null;
}

/** What the daemon said of a PR in one poll: the last of consecutive rows with one time text. */
export interface Observation {
  readonly seq: number;
  readonly at: number;
  readonly time: string;
  /** Owner at this row: key of the incarnation, 0 when unknown. */
  readonly owner: number;
  readonly project: number;
  readonly state: PullState;
  readonly ci: CiState;
  readonly review: ReviewDecision;
}

/** A row that shows a revision: the first check of a new commit, or a thread resolved. */
export interface Revision {
  readonly seq: number;
  readonly at: number;
  readonly owner: number;
  readonly project: number;
}

export interface Pull {
  /** Seq of its first row: the PR's key for ever. */
  readonly born: number;
  owner: number;
  /** The observation before `last`; null before the second. Events are the difference between the two. */
  base: Observation | null;
  last: Observation;
  /** Whether changes were requested by the time of `base`, and neither decided again nor revised since. */
  armed: boolean;
  /** First revision between `base` and `last`, and first one after `last`. */
  revisedBefore: Revision | null;
  revisedAfter: Revision | null;
  /** How often CI had become failing by the time of `base`, since it last passed. */
  failures: number;
  /** Digests of the commits seen in check rows. */
  commits: string[];
  /** Seq of the end that counts as caused by this merge while `last` stands; 0 for none. */
  mergedEnd: number;
}

/** A session row after an end, one per incarnation, up to the first that cannot vanish. */
export interface Follower extends Instant {
  readonly seq: number;
  readonly born: number;
  readonly isEnd: boolean;
}

/** One end of an incarnation: `is_terminated` became true. */
export interface End extends Instant {
  readonly seq: number;
  readonly born: number;
  readonly project: number;
  readonly number: number;
  /** Version of the host database when the row was written. */
  readonly host: number;
  /** Whether the row before was its PR reaching `merged`, with no other PR open. */
  merged: boolean;
  /** The life that it ended, as far as the session is known to have run, in milliseconds; null where it is not known to have. */
  readonly alive: { readonly since: number; readonly until: number } | null;
  followers: Follower[];
  restored: Row | null;
}

/** A fact of the journal: when it was, and where it stands. */
export interface Mark extends Instant {
  readonly position: number;
}

/** What our triggers saw of one incarnation. */
export interface Life extends Instant {
  /** Hash of the session id; `at` and `nanos` are the creation time. */
  readonly session: string;
  /** Whether the trigger saw the creation. */
  created: boolean;
  launched: Mark | null;
  readonly project: number | null;
  /** The fact that it was rolled back, where a trigger saw that. */
  rolledBack: Mark | null;
  signal: Mark | null;
  /** Ends at which the mark of the reaper was seen. */
  runtimeGone: Mark[];
}

/** One derived event. Which event it is stands in its id, see `eventId`. */
export interface DerivedEvent {
  readonly id: number;
  /** Key of the subject: creation seq of a session, first seq of a PR, 0 for the install. */
  readonly subject: number;
  readonly session: number | null;
  readonly project: number | null;
  readonly at: number;
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly measures: Readonly<Record<string, number>> | null;
}

/** Where a milestone was reached. */
export interface Milestone {
  readonly stream: StreamName;
  readonly position: number;
  readonly at: number;
  readonly session: number | null;
  readonly project: number | null;
}

/** What the fold knows that belongs to no single subject. */
export interface Progress {
  /** Position of the last fact folded, per stream. */
  changeLog: number;
  telemetry: number;
  /** Seq of the end that has no firm follower yet; 0 for none. */
  openEnd: number;
  /** Earliest and latest time of the facts that cannot vanish, per stream. The latest is the clock of the time rules. */
  span: Span;
  telemetrySpan: Span;
  firstStart: Milestone | null;
  firstProject: Milestone | null;
  /** The first creation row that cannot vanish of any project but the one that the daemon seeds. */
  firstBorn: Milestone | null;
  firstThread: Milestone | null;
  failures: RecentFailures;
}

/** A start of the daemon, with the journal position of the fact that says it. */
export interface Start extends Instant {
  readonly position: number;
  /** `recorded` by the daemon itself, or `seen` in its run file once it was up. */
  readonly source: 'recorded' | 'seen';
}

/** A fact of the journal that tells of an act which others may tell of too: the daemon's telemetry, a trigger, an observation. */
export interface Trace extends Instant {
  readonly position: number;
  /** What the act was done to: hash of a session id, or key of a project. */
  readonly of: string;
  /** Code of the event that tells the act. */
  readonly code: number;
  /** Whether it is the daemon's own row, which says most. */
  readonly ofDaemon: boolean;
  readonly project: number | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, number>> | null;
}

/** A UTC day with an act of a user: a command, a session spawned, or a PR merged. */
export interface ActiveDay {
  /** Days since 1970. */
  readonly day: number;
  /** The first act of the day: where it stands, as the row id of an event of return, and when it was. */
  readonly id: number;
  readonly at: number;
}

/** Everything a fold remembers. The tables may be backed by a map or by a database; the fold cannot tell. */
export interface State {
  readonly progress: Progress;
  readonly sessions: SessionTable;
  readonly pulls: PullTable;
  readonly ends: EndTable;
  readonly marks: MarkTable;
  readonly lives: LifeTable;
  readonly traces: TraceTable;
  readonly dailyCounts: DailyCountTable;
  readonly activeDays: ActiveDayTable;
  readonly events: EventSink;
  /** Events of sessions that are not known to have been spawned. */
  readonly withheld: EventSink;
  /** Sessions, by birth, that must be held against their lives anew before the batch commits. */
  readonly dirtySessions: Set<number>;
  /** Ends whose cause must be joined anew before the batch commits. */
  readonly dirtyEnds: Set<number>;
  /** Sessions, by hash, and projects, by key, whose traces must be put together anew. */
  readonly dirtyTraces: Set<string>;
  /** Daemon starts, by position, of which it must be told anew whether they came after a crash. */
  readonly dirtyStarts: Set<number>;
  /** Days since 1970 whose first act must be looked for anew. */
  readonly dirtyDays: Set<number>;
}

/** The progress of a fold that has seen nothing. */
export function initialProgress(): Progress {
  return {
    changeLog: 0,
    telemetry: 0,
    openEnd: 0,
    span: { oldest: null, newest: null },
    telemetrySpan: { oldest: null, newest: null },
    firstStart: null,
    firstProject: null,
    firstBorn: null,
    firstThread: null,
    failures: noRecentFailures(),
  };
}
