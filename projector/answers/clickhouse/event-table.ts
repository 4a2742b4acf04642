import { DIMENSIONS } from '../filter.ts';

export const EVENT_TABLE = 'ao_event';

/** The dimensions that have a column of their own; name and project are columns anyway. */
export const DIMENSION_COLUMNS = [
  ...DIMENSIONS.filter((name) => name !== 'name' && name !== 'project'),
  'how',
] as const;

/**
 * The event table of a ClickHouse server: an event a row, as the derived file has it. What is not known is an empty text.
 * `id` is the row id of the derived file, so that its order is that of the causes; `install` tells machines apart; subjects are
 * hashed as answers print them. An event that is sent again replaces itself.
 */
export const CREATE_EVENT_TABLE = `CREATE TABLE IF NOT EXISTS ${EVENT_TABLE} (
  install String,
  id UInt64,
  name LowCardinality(String),
  subject_kind LowCardinality(String),
  subject String,
  session String,
  project String,
  at UInt64,
  ${DIMENSION_COLUMNS.map((name) => `${name} LowCardinality(String)`).join(',\n  ')}
) ENGINE = ReplacingMergeTree ORDER BY (install, session, id)`;

/** A row of the event table. */
export type EventTableRow = Readonly<
  Record<'install' | 'name' | 'subject_kind' | 'subject' | 'session' | 'project', string> &
    Record<'id' | 'at', number> &
    Partial<Record<(typeof DIMENSION_COLUMNS)[number], string>>
>;
