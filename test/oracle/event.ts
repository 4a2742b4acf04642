import type { Change, Telemetry } from './decode.ts';
import { toMilliseconds } from './time.ts';

export type OracleEvent = {
  name: string;
  /** Milliseconds UTC, rounded down. */
  at: number;
  stream: 'change_log' | 'telemetry' | 'observed';
  /** `seq`, or the rowid of a telemetry row, or 0 for what no stream carries. */
  position: number;
  /** Session id and creation seq (`web-1#12`), PR url, project id, command, or `install`. */
  subject: string;
  session: string | null;
  dimensions: Record<string, string>;
  measures: Record<string, number>;
};

type Rest = Pick<OracleEvent, 'subject' | 'session'> & Partial<Pick<OracleEvent, 'dimensions' | 'measures'>>;

/** The event that a row of the log makes. */
export function eventAt(row: Change, name: string, { dimensions = {}, measures = {}, ...rest }: Rest): OracleEvent {
  const at = toMilliseconds(row.time);
  return { name, at, stream: 'change_log', position: row.seq, ...rest, dimensions, measures };
}

/** The event that a row of telemetry makes. It belongs to no session. */
export function eventOf(
  row: Telemetry,
  name: string,
  { dimensions = {}, measures = {}, subject }: Omit<Rest, 'session'>,
): OracleEvent {
  const place = { at: toMilliseconds(row.time), stream: 'telemetry', position: row.rowid } as const;
  return { name, ...place, subject, session: null, dimensions, measures };
}

/** By stream, then position, then name. */
export function inReadingOrder(one: OracleEvent, other: OracleEvent): number {
  return compare(one.stream, other.stream) || one.position - other.position || compare(one.name, other.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
