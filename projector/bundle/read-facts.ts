import type { FactValue } from '../../projections/facts.ts';
import { parseObject } from '../host/values.ts';
import type { RejectedRow } from '../store/derived/batch.ts';
import { CHANGES, DATA, type DataField, JOURNALED, REJECTED } from './allowlist.ts';
import type { BundledChange, BundledFact, BundleFacts } from './facts.ts';
import type { Kind } from './kinds.ts';
import { invalidBundle } from './problem.ts';

/** `type` of a line that stands for a row which did not fit. */
export const REJECTED_TYPE = 'rejected';

/** The lines that facts are written as; {@link readFacts} reads them. */
export function factLines({ changes, rejected, journal }: BundleFacts): { change_log: object[]; journal: object[] } {
  const rows: (
    | BundledChange
    | { readonly type: typeof REJECTED_TYPE; readonly seq: number; readonly reason: string }
  )[] = [...changes, ...rejected.map(({ position: seq, reason }) => ({ type: REJECTED_TYPE, seq, reason }) as const)];
  return { change_log: rows.sort((a, b) => a.seq - b.seq), journal: [...journal] };
}

/**
 * The facts that JSON lines hold, each held against the allowlist. Throws where a line is no fact, has a field more or less
 * than a fact has, or stands out of order.
 */
export function readFacts(changeLog: Iterable<string>, journal: Iterable<string>): BundleFacts {
  const changes: BundledChange[] = [];
  const rejected: RejectedRow[] = [];
  for (const row of checked('change_log.ndjson', changeLog, 'seq', checkChange)) {
    if (row.type === REJECTED_TYPE) rejected.push({ position: row.seq as number, reason: row.reason as string });
    else changes.push(row as unknown as BundledChange);
  }
  const facts = [...checked('journal.ndjson', journal, 'position', checkFact)] as unknown as BundledFact[];
  return { changes, rejected, journal: facts };
}

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a line: what was expected, and what was found. Never what stood there. */
type Wrong = readonly [expected: string, found: string];

function* checked(
  file: string,
  lines: Iterable<string>,
  position: 'seq' | 'position',
  check: (fields: Fields) => Wrong | null,
): Generator<Fields> {
  let number = 0;
  let last = 0;
  for (const line of lines) {
    number += 1;
    const what = `${file}, line ${number},`;
    const fields = parseObject(line);
    if (!fields) throw invalidBundle(what, 'a JSON object', 'something else');
    const wrong = check(fields);
    if (wrong) throw invalidBundle(what, ...wrong);
    const at = fields[position] as number;
    if (at <= last) throw invalidBundle(what, 'positions that ascend', 'one that does not');
    last = at;
    yield fields;
  }
}

function checkChange({ type, ...fields }: Fields): Wrong | null {
  if (type === REJECTED_TYPE) return checkFields(REJECTED, fields);
  if (typeof type !== 'string' || !Object.hasOwn(CHANGES, type))
    return ['a type of rows that are facts', 'another type'];
  return checkFields(CHANGES[type as keyof typeof CHANGES], fields);
}

function checkFact({ name, data, ...fields }: Fields): Wrong | null {
  const ofData = typeof name === 'string' ? DATA.get(name) : undefined;
  if (!ofData) return ['a name of facts', 'another name'];
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return ['data as an object', 'something else'];
  return checkFields(JOURNALED, fields) ?? checkData(ofData, data as Record<string, FactValue>);
}

function checkFields(kinds: Readonly<Record<string, Kind>>, fields: Fields): Wrong | null {
  const wrong = Object.entries(kinds).find(([name, kind]) => !kind.allows(fields[name]));
  if (wrong)
    return [`${wrong[0]}: ${wrong[1].expected}`, fields[wrong[0]] === undefined ? 'nothing' : 'something else'];
  return Object.keys(fields).length === Object.keys(kinds).length ? null : MORE_FIELDS;
}

function checkData(kinds: Readonly<Record<string, DataField>>, data: Fields): Wrong | null {
  const expected = Object.entries(kinds).filter(([name, { optional }]) => !optional || Object.hasOwn(data, name));
  return checkFields(Object.fromEntries(expected.map(([name, { kind }]) => [name, kind])), data);
}

const MORE_FIELDS: Wrong = ['the fields of a fact alone', 'another field'];
