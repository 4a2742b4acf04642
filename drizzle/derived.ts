import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { IS_ACT } from './acts.ts';

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
  (table) => [
    index('event_subject').on(table.subject),
    index('event_session').on(table.session),
    index('lookup_act').on(table.at).where(sql.raw(IS_ACT)),
  ],
);

/** Columns of the events of a thousand subjects, by the key of the first of them: a cache over the event table. */
export const packed = sqliteTable(
  'packed',
  {
    kind: text('kind', { enum: ['session', 'pr'] }).notNull(),
    name: text('name').notNull(),
    first: integer('first').notNull(),
    data: blob('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.name, table.first] })],
);

/** Subjects of which an event has changed since they were packed: they are read from the event table. */
export const touched = sqliteTable(
  'touched',
  { kind: text('kind', { enum: ['session', 'pr'] }).notNull(), key: integer('key').notNull() },
  (table) => [primaryKey({ columns: [table.kind, table.key] })],
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
    alive: integer('alive').notNull(),
    state: text('state').notNull(),
  },
  (table) => [
    index('lookup_session').on(table.hash),
    index('lookup_unsettled').on(table.born).where(sql`unsettled = 1`),
    index('lookup_alive').on(table.born).where(sql`alive = 1`),
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
    aliveSince: integer('alive_since'),
    aliveUntil: integer('alive_until'),
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

/**
 * Journal facts that the two folds are joined with: starts of the daemon, `recorded` by itself or `seen` in its run file; run
 * files that it `left` or took away at a `stop`; `hook`, `spawn_failed`, and `loss` of our triggers.
 */
export const mark = sqliteTable(
  'mark',
  {
    kind: text('kind', { enum: ['recorded', 'seen', 'left', 'stop', 'hook', 'spawn_failed', 'loss'] }).notNull(),
    at: integer('at').notNull(),
    nanos: integer('nanos').notNull(),
    project: integer('project'),
    durationMs: integer('duration_ms'),
    position: integer('position'),
  },
  (table) => [index('lookup_mark').on(table.kind, table.at)],
);

/** Facts of the journal that tell of acts which others may tell of too. `state` is the fold's. */
export const trace = sqliteTable(
  'trace',
  {
    position: integer('position').primaryKey(),
    subject: text('subject').notNull(),
    state: text('state').notNull(),
  },
  (table) => [index('lookup_trace').on(table.subject)],
);

/** Commands by UTC day (days since 1970), name of the fact, command and actor; and where the first of them stands. */
export const dailyCount = sqliteTable(
  'daily_count',
  {
    day: integer('day').notNull(),
    name: text('name').notNull(),
    command: text('command').notNull(),
    actor: text('actor').notNull(),
    count: integer('count').notNull(),
    firstAt: integer('first_at').notNull(),
    firstPosition: integer('first_position').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.name, table.command, table.actor] })],
);

/** UTC days (since 1970) with an act of a user, and the first act of each: its time, and the row id of an event of return there. */
export const activeDay = sqliteTable('active_day', {
  day: integer('day').primaryKey(),
  id: integer('id').notNull(),
  at: integer('at').notNull(),
});

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

/** Ranges of positions without rows, and the times of the rows before and after. What they are is told when that is asked. */
export const gap = sqliteTable(
  'gap',
  {
    stream: text('stream').notNull(),
    from: integer('from').notNull(),
    to: integer('to').notNull(),
    lastAt: integer('last_at'),
    nextAt: integer('next_at'),
  },
  (table) => [primaryKey({ columns: [table.stream, table.from] })],
);
