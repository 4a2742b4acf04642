import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Schema of `analytics.db`: what cannot be made again. */

/** The one row of this install. */
export const install = sqliteTable('install', {
  id: integer('id').primaryKey(),
  installId: text('install_id').notNull(),
  createdAt: integer('created_at').notNull(),
});

/** Everything read from one host database; the latest row is the present one. */
export const history = sqliteTable('history', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  historyId: text('history_id').notNull().unique(),
  startedAt: integer('started_at').notNull(),
  /** How far it was read, and digests of the last rows there: they tell another database even when no derived file is left. */
  position: integer('position').notNull().default(0),
  tail: text('tail').notNull().default('[]'),
});

/** Telemetry facts and observed facts, in the order in which they were first seen. */
export const journal = sqliteTable(
  'journal',
  {
    position: integer('position').primaryKey({ autoIncrement: true }),
    history: integer('history').notNull(),
    identity: text('identity').notNull(),
    name: text('name').notNull(),
    at: integer('at').notNull(),
    nanos: integer('nanos').notNull(),
    project: integer('project'),
    session: text('session'),
    data: text('data').notNull(),
  },
  (table) => [uniqueIndex('journal_identity').on(table.history, table.identity)],
);

/** How far `telemetry_event` has been read and, by seq, the creation rows whose sessions have been observed; per history. */
export const intake = sqliteTable('intake', {
  history: integer('history').primaryKey(),
  rowid: integer('rowid').notNull(),
  identity: text('identity').notNull(),
  observedBorn: integer('observed_born').notNull().default(0),
  /** When our triggers were installed, in milliseconds UTC, unless they were uninstalled since; else 0. */
  installedAt: integer('installed_at').notNull().default(0),
});

/** Hash to raw id; written in the events tier only. */
export const identity = sqliteTable(
  'identity',
  { kind: text('kind').notNull(), hash: text('hash').notNull(), raw: text('raw').notNull() },
  (table) => [primaryKey({ columns: [table.kind, table.hash] })],
);

/** Who may write; one row, or none. */
export const lease = sqliteTable('lease', {
  id: integer('id').primaryKey(),
  pid: integer('pid').notNull(),
  token: text('token').notNull(),
  since: integer('since').notNull(),
  heartbeatAt: integer('heartbeat_at').notNull(),
});

/** The derived file that answers are read from; one row, or none. */
export const derivedFile = sqliteTable('derived_file', {
  id: integer('id').primaryKey(),
  number: integer('number').notNull(),
  madeAt: integer('made_at').notNull(),
});

/** How the last `verify` ended; one row, or none. */
export const verification = sqliteTable('verification', {
  id: integer('id').primaryKey(),
  verifiedAt: integer('verified_at').notNull(),
  changeLog: integer('change_log').notNull(),
  telemetry: integer('telemetry').notNull(),
  identical: integer('identical').notNull(),
  /** The first row that differed, as JSON; null where none did. */
  difference: text('difference'),
});

/** What was asked to be forgotten and still stands in the host's `change_log`: hashes alone, so that no rebuild derives it again. */
export const forgotten = sqliteTable(
  'forgotten',
  { kind: text('kind', { enum: ['session', 'project'] }).notNull(), hash: text('hash').notNull() },
  (table) => [primaryKey({ columns: [table.kind, table.hash] })],
);

/** How far the journal of a history was pruned: facts before a time are gone. */
export const pruning = sqliteTable('pruning', {
  history: integer('history').primaryKey(),
  prunedAt: integer('pruned_at').notNull(),
  beforeAt: integer('before_at').notNull(),
  rows: integer('rows').notNull(),
  /** Seq up to which `change_log` was forgotten with everything else when the history began; null where it was not. */
  changeLog: integer('change_log'),
});

/** What `rebuild` asks of the process that holds the lease, and how far that has come. */
export const rebuildRequest = sqliteTable(
  'rebuild_request',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    requestedAt: integer('requested_at').notNull(),
    state: text('state', { enum: ['asked', 'running', 'done', 'failed'] }).notNull(),
    rows: integer('rows').notNull(),
    total: integer('total').notNull(),
    error: text('error'),
  },
  (table) => [index('rebuild_request_state').on(table.state)],
);

const SINKS = ['metrics', 'logs', 'posthog'] as const;

/** Where a sink that is on sends to, since when that is wanted, and how far it is; one row a sink. */
export const exportMark = sqliteTable('export_mark', {
  sink: text('sink', { enum: SINKS }).primaryKey(),
  destination: text('destination').notNull(),
  /** When it was switched on, and the positions then: what is from before is never sent. */
  since: integer('since').notNull(),
  history: integer('history').notNull(),
  changeLog: integer('change_log').notNull(),
  telemetry: integer('telemetry').notNull(),
  /** Row of the outbox up to which everything was delivered or refused. */
  seq: integer('seq').notNull(),
  /** When the last batch was made; a delta begins there. */
  batchedAt: integer('batched_at').notNull(),
});

/** Events that are settled, by row id or by what they can be but once: none is exported twice. Of the present history. */
export const settledEvent = sqliteTable('settled_event', {
  event: integer('event').primaryKey(),
  /** Of what it said when that was last looked at; 0 where it was taken back. */
  digest: integer('digest').notNull(),
  revisions: integer('revisions').notNull(),
});

/** Settled events on their way to the sinks, built by the allowlist; one that stands for many of a name has no record. */
export const outbox = sqliteTable(
  'outbox',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    /** Time of the event; of many, those of the first and the last. */
    at: integer('at').notNull(),
    until: integer('until').notNull(),
    count: integer('count').notNull(),
    /** The lowest row id among them; null of the count of a day. */
    event: integer('event'),
    /** Hash of the session id and key of the project, by which it can be forgotten. */
    session: text('session'),
    project: integer('project'),
    record: text('record'),
  },
  // The few that stand for many are looked for with each event of their minute.
  (table) => [index('outbox_many').on(table.name, sql`at / 60000`).where(sql`record IS NULL`)],
);

/** How many events of a name were exported one by one, by the minute since 1970 that they are of. */
export const exportRate = sqliteTable(
  'export_rate',
  { name: text('name').notNull(), minute: integer('minute').notNull(), events: integer('events').notNull() },
  (table) => [primaryKey({ columns: [table.name, table.minute] })],
);

/** What the metrics say of settled events, by metric, attributes as JSON, and bucket; and what of it stands in a batch. */
export const exportTotal = sqliteTable(
  'export_total',
  {
    metric: text('metric').notNull(),
    attributes: text('attributes').notNull(),
    bucket: integer('bucket').notNull(),
    count: integer('count').notNull(),
    sum: integer('sum').notNull(),
    batchedCount: integer('batched_count').notNull(),
    batchedSum: integer('batched_sum').notNull(),
  },
  (table) => [primaryKey({ columns: [table.metric, table.attributes, table.bucket] })],
);

/** What is being sent, at most one batch a sink, and what was: the ledger. */
export const exportBatch = sqliteTable(
  'export_batch',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sink: text('sink', { enum: SINKS }).notNull(),
    destination: text('destination').notNull(),
    madeAt: integer('made_at').notNull(),
    /** Row of the outbox up to which it goes. */
    seq: integer('seq').notNull(),
    items: integer('items').notNull(),
    payload: blob('payload').notNull(),
    attempts: integer('attempts').notNull(),
    triedAt: integer('tried_at'),
    /** What came of the last attempt; null before the first has ended. */
    result: text('result'),
    /** Whether nothing more is to be done with it. */
    done: integer('done').notNull(),
  },
  (table) => [index('export_batch_done').on(table.done)],
);
