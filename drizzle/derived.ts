import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Schema of a derived file: what a rebuild makes anew. It has no migrations. Indexes named `lookup_…` serve the fold and are
 * made with their tables; the others serve answers and are made when a rebuild has filled the tables.
 */

export const meta = sqliteTable('meta', { key: text('key').primaryKey(), value: text('value').notNull() });

/** One derived event a row. Name, stream and position stand in the id. */
export const event = sqliteTable(
  'event',
  {
    id: integer('id').primaryKey(),
    subject: integer('subject').notNull(),
    session: integer('session'),
    project: integer('project'),
    at: integer('at').notNull(),
    dimensions: text('dimensions'),
    measures: text('measures'),
  },
  (table) => [index('event_subject').on(table.subject), index('event_session').on(table.session)],
);

/** Events of sessions that are not known to have been spawned: no answer reads them. */
export const withheldEvent = sqliteTable(
  'withheld_event',
  {
    id: integer('id').primaryKey(),
    subject: integer('subject').notNull(),
    session: integer('session'),
    project: integer('project'),
    at: integer('at').notNull(),
    dimensions: text('dimensions'),
    measures: text('measures'),
  },
  (table) => [index('lookup_withheld').on(table.subject)],
);

/** Incarnations, by the seq of their creation rows. `state` is the fold's. */
export const session = sqliteTable(
  'session',
  {
    born: integer('born').primaryKey(),
    hash: text('hash').notNull(),
    unsettled: integer('unsettled').notNull(),
    state: text('state').notNull(),
  },
  (table) => [
    index('lookup_session').on(table.hash),
    index('lookup_unsettled').on(table.born).where(sql`unsettled = 1`),
  ],
);

/** PRs, by the seq of their first rows. */
export const pull = sqliteTable(
  'pull',
  {
    born: integer('born').primaryKey(),
    hash: text('hash').notNull(),
    state: text('state').notNull(),
  },
  (table) => [index('lookup_pull').on(table.hash)],
);

/** Ends of incarnations, with what their causes are told from. */
export const sessionEnd = sqliteTable(
  'session_end',
  {
    seq: integer('seq').primaryKey(),
    at: integer('at').notNull(),
    restoredAt: integer('restored_at'),
    state: text('state').notNull(),
  },
  (table) => [index('lookup_end').on(table.at), index('lookup_restored').on(table.restoredAt)],
);

/** What our triggers saw of incarnations, by session hash and creation time. `state` is the fold's. */
export const life = sqliteTable(
  'life',
  {
    session: text('session').notNull(),
    at: integer('at').notNull(),
    nanos: integer('nanos').notNull(),
    state: text('state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.session, table.at, table.nanos] }), index('lookup_life').on(table.at)],
);

/** Journal facts that the two folds are joined with: `start`, `hook`, `spawn_failed`, and `loss` of our triggers. */
export const mark = sqliteTable(
  'mark',
  {
    kind: text('kind', { enum: ['start', 'hook', 'spawn_failed', 'loss'] }).notNull(),
    at: integer('at').notNull(),
    nanos: integer('nanos').notNull(),
    project: integer('project'),
    durationMs: integer('duration_ms'),
  },
  (table) => [index('lookup_mark').on(table.kind, table.at)],
);

/** Kind and harness of an incarnation, as they were when its creation row was first read. */
export const observedSession = sqliteTable('observed_session', {
  born: integer('born').primaryKey(),
  kind: text('kind'),
  harness: text('harness'),
});

/** Per stream: the last position folded in, and what the fold knows that belongs to no subject. */
export const checkpoint = sqliteTable('checkpoint', {
  stream: text('stream', { enum: ['change_log', 'telemetry'] }).primaryKey(),
  position: integer('position').notNull(),
  state: text('state').notNull(),
});

export const rejected = sqliteTable(
  'rejected',
  { stream: text('stream').notNull(), position: integer('position').notNull(), reason: text('reason').notNull() },
  (table) => [primaryKey({ columns: [table.stream, table.position] })],
);

export const gap = sqliteTable(
  'gap',
  {
    stream: text('stream').notNull(),
    from: integer('from').notNull(),
    to: integer('to').notNull(),
    kind: text('kind', { enum: ['rolled_back_like', 'unexplained'] }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.stream, table.from] })],
);
