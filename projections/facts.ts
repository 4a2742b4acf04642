import type { Instant } from './instant.ts';

export const ACTIVITIES = ['active', 'idle', 'waiting_input', 'blocked', 'exited'] as const;
export type Activity = (typeof ACTIVITIES)[number];

export const PULL_STATES = ['draft', 'open', 'merged', 'closed'] as const;
export type PullState = (typeof PULL_STATES)[number];

export const CI_STATES = ['unknown', 'pending', 'passing', 'failing'] as const;
export type CiState = (typeof CI_STATES)[number];

export const REVIEW_DECISIONS = ['none', 'approved', 'changes_requested', 'review_required'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** Key of the project that newer daemons seed at boot; it is nobody's first project. */
export const SCRATCH_PROJECT = 1;

interface Change extends Instant {
  readonly seq: number;
  /** Key of the project: an integer that stands for its id. */
  readonly project: number;
}

export interface SessionCreated extends Change {
  readonly type: 'session_created';
  readonly session: string;
  readonly activity: Activity;
  readonly terminated: boolean;
}

export interface SessionUpdated extends Change {
  readonly type: 'session_updated';
  readonly session: string;
  readonly activity: Activity;
  readonly terminated: boolean;
  /** Digest of the preview fields; '' when they have their first values. */
  readonly preview: string;
  /** Version of the host database when the row was written. */
  readonly host: number;
}

/** A chat row: it says that the session is alive, and repeats its activity. */
export interface SessionChatted extends Change {
  readonly type: 'session_chatted';
  readonly session: string;
}

export interface PullObserved extends Change {
  readonly type: 'pr_created' | 'pr_updated';
  readonly url: string;
  readonly session: string;
  readonly state: PullState;
  readonly ci: CiState;
  readonly review: ReviewDecision;
  /** `created_at` as it stands in the row: rows of one PR with one text are one observation. */
  readonly time: string;
}

export interface PullMoved extends Change {
  readonly type: 'pr_session_changed';
  readonly url: string;
  readonly toSession: string;
}

export interface CheckRecorded extends Change {
  readonly type: 'pr_check_recorded';
  readonly url: string;
  /** Digest of the commit. */
  readonly commit: string;
}

export interface ThreadAdded extends Change {
  readonly type: 'pr_review_thread_added';
  readonly url: string;
}

export interface ThreadResolved extends Change {
  readonly type: 'pr_review_thread_resolved';
  readonly url: string;
  readonly resolved: boolean;
}

/** One decoded row of `change_log`. `{id}`-only rows say nothing and make no fact. */
export type ChangeFact =
  | SessionCreated
  | SessionUpdated
  | SessionChatted
  | PullObserved
  | PullMoved
  | CheckRecorded
  | ThreadAdded
  | ThreadResolved;

/** What a value of a journaled fact may be: a word of a closed vocabulary, an integer, a truth value, a digest. */
export type FactValue = string | number | boolean | null;

/** One row of the journal: a telemetry fact, or something observed. Ids are keyed hashes. */
export interface JournalFact extends Instant {
  readonly position: number;
  readonly name: string;
  readonly project: number | null;
  readonly session: string | null;
  readonly data: Readonly<Record<string, FactValue>>;
}

/** Names of the facts that our triggers write into `telemetry_event`, and of the markers of their coming and going. */
export const TRIGGERED = {
  /** at = registration; `data`: kind, has_git_remote. */
  projectAdded: 'ao_projector.project_added',
  projectArchived: 'ao_projector.project_archived',
  projectReadded: 'ao_projector.project_readded',
  /**
   * at = time of the creation row in `change_log`; `data`: created_at, kind, harness, has_issue, launched. All facts of a
   * session hold its `created_at` in milliseconds, with `created_nanos`: the incarnation that they belong to.
   */
  sessionCreated: 'ao_projector.session_created',
  sessionLaunched: 'ao_projector.session_launched',
  sessionFirstSignal: 'ao_projector.session_first_signal',
  /** at = time of the row that ends it; `data`: launched, activity (the one it left), runtime_gone. */
  sessionEnded: 'ao_projector.session_ended',
  sessionRestored: 'ao_projector.session_restored',
  sessionRolledBack: 'ao_projector.session_rolled_back',
  reviewRunCreated: 'ao_projector.review_run_created',
  reviewRunChanged: 'ao_projector.review_run_changed',
  notificationRaised: 'ao_projector.notification_raised',
  terminalOpened: 'ao_projector.terminal_opened',
  installed: 'ao_projector.triggers_installed',
  uninstalled: 'ao_projector.triggers_uninstalled',
} as const;

/** Names of observed facts: what no stream carries, journaled when first seen. */
export const OBSERVED = {
  /** `data`: born (creation seq), kind, harness. */
  session: 'observed.session',
  /** `project`, at = registration; `data`: kind, has_git_remote. */
  project: 'observed.project',
  /** A run file was seen with a live daemon, with a dead one, or was seen to go; at = start of that daemon, or when it went. */
  daemonStarted: 'observed.daemon_started',
  daemonLeft: 'observed.daemon_left',
  daemonStopped: 'observed.daemon_stopped',
  /** at = when the migration was applied; `data`: version. */
  migration: 'observed.migration',
  /** at = when it was seen that our triggers are not as they were installed. */
  triggersLost: 'observed.triggers_lost',
  /** A telemetry row that does not fit its schema; `data`: reason. */
  rejected: 'observed.rejected',
  /** A telemetry row with a name that this version does not know. */
  unknown: 'observed.unknown',
} as const;
