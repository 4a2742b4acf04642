import type { FactValue } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import { commandOf } from './commands.ts';
import { type Rejected, UNKNOWN } from './decode.ts';
import type { Keys } from './keys.ts';
import { type FieldKind, TELEMETRY } from './telemetry-schema.ts';
import { parseTimestamp } from './timestamp.ts';
import { parseObject } from './values.ts';

/** A row of `telemetry_event`, or what is observed, on its way into the journal. */
export interface NewFact extends Instant {
  /** Digest that makes one fact one row for ever. */
  readonly identity: string;
  readonly name: string;
  readonly project: number | null;
  readonly session: string | null;
  readonly data: Readonly<Record<string, FactValue>>;
}

/** Columns of `telemetry_event` as they are read. */
export interface TelemetryRow {
  readonly rowid: number;
  readonly id: string;
  readonly occurred_at: string;
  readonly name: string;
  readonly project_id: string | null;
  readonly session_id: string | null;
  readonly request_id: string;
  readonly payload_json: string;
}

/** The route of a spawn, whose server errors go with a failed spawn. */
const SPAWN_ROUTE = '/api/v1/sessions';

/** Decodes a telemetry row by the schema of its name. Keys outside the schema are dropped. */
export function decodeTelemetry(row: TelemetryRow, keys: Keys): NewFact | Rejected | typeof UNKNOWN {
  const schema = Object.hasOwn(TELEMETRY, row.name) ? TELEMETRY[row.name] : undefined;
  if (!schema) return UNKNOWN;
  const instant = typeof row.occurred_at === 'string' ? parseTimestamp(row.occurred_at) : null;
  if (!instant) return { rejected: 'occurred_at: expected a time' };
  const payload = parseObject(row.payload_json);
  if (!payload) return { rejected: 'payload_json: expected a JSON object' };
  const data: Record<string, FactValue> = {};
  for (const { key, as, type, optional } of schema.fields) {
    const value = payload[key];
    if (value === undefined && optional) continue;
    const read = type.kind === 'created' ? readCreated(value) : readField(type, value);
    if (read === undefined) return { rejected: `payload_json.${key}: expected ${expectation(type)}` };
    if (typeof read === 'object' && read !== null) Object.assign(data, read);
    else data[as] = read;
  }
  if (schema.request && row.request_id) data.request = keys.digest(row.request_id);
  return {
    identity: keys.telemetry(String(row.id)),
    name: row.name,
    ...instant,
    project: row.project_id === null ? null : keys.project(row.project_id),
    session: row.session_id === null ? null : keys.session(row.session_id),
    data,
  };
}

function readField(type: FieldKind, value: unknown): FactValue | undefined {
  switch (type.kind) {
    case 'integer':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return typeof value === 'string' ? readText(type, value) : undefined;
  }
}

/** A creation time tells incarnations of one session id apart, so it is kept to the nanosecond. */
function readCreated(value: unknown): Record<string, number> | undefined {
  const instant = typeof value === 'string' ? parseTimestamp(value) : null;
  return instant ? { created_at: instant.at, created_nanos: instant.nanos } : undefined;
}

function readText(type: FieldKind, text: string): FactValue {
  switch (type.kind) {
    case 'word':
      return wordOf(type.words, text);
    case 'command':
      return commandOf(text);
    case 'route':
      return text === SPAWN_ROUTE;
    default:
      return /^[0-9a-f]{1,64}$/.test(text) ? text : null;
  }
}

/** The word itself where the vocabulary has it, `other` where not, null where there is none. */
export function wordOf(words: readonly string[], text: string): string | null {
  if (text === '') return null;
  return words.includes(text) ? text : 'other';
}

function expectation({ kind }: FieldKind): string {
  if (kind === 'created') return 'a time';
  return kind === 'integer' ? 'an integer' : kind === 'boolean' ? 'a boolean' : 'a string';
}
