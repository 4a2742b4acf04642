import { ALLOWLIST, type Allowed, COMMON, type ExportedName, OF_MANY } from '../../projector/exports/allowlist.ts';
import { DESCRIBED } from '../../projector/exports/described.ts';
import type { Field, FieldKind } from '../../projector/exports/field.ts';

type Fields = Allowed['fields'];

/** Longer vocabularies are counted, not printed. */
const MOST_WORDS = 8;

/** Everything that may leave the machine, in Markdown. */
export function exported(): string {
  const parts = [
    '### What every event has',
    table(['field', 'kind', 'purpose'], fieldRows(COMMON)),
    'The count of a day has these as well; one event that stands for many of its name has these, `id` and `at`, and no more.',
    table(['field', 'kind', 'purpose'], fieldRows(OF_MANY)),
    ...questions().flatMap((question) => [`### ${question}`, table(['events', 'fields beside'], eventRows(question))]),
    '### What these fields hold',
    table(['field', 'kind', 'purpose', 'counted'], otherRows()),
    '### Metrics',
    table(['metric', 'kind', 'unit', 'told apart by', 'what it says'], metricRows()),
  ];
  return parts.join('\n\n');
}

function questions(): string[] {
  return [...new Set(Object.values(ALLOWLIST).map(({ question }) => question))];
}

/** A row for all events of a question that have the same fields. */
function eventRows(asked: string): string[][] {
  const events = new Map<string, ExportedName[]>();
  for (const [name, { question, fields }] of entries(ALLOWLIST)) {
    if (question !== asked) continue;
    const listed = codes(Object.keys(fields).filter((field) => !Object.hasOwn(OF_MANY, field)));
    events.set(listed, [...(events.get(listed) ?? []), name]);
  }
  return [...events].map(([fields, names]) => [codes(names), fields]);
}

function fieldRows(fields: Fields): string[][] {
  return entries(fields).map(([name, { type, purpose }]) => [code(name), kindOf(type), purpose]);
}

interface Used {
  readonly name: string;
  readonly field: Field;
  readonly purposes: Set<string>;
  readonly events: ExportedName[];
}

/** A row for each field that some events have; where those of one name differ, it says whose it is. */
function otherRows(): string[][] {
  const used = new Map<string, Used>();
  for (const [event, { fields }] of entries(ALLOWLIST)) {
    for (const [name, field] of entries(fields)) {
      if (Object.hasOwn(OF_MANY, name)) continue;
      const key = JSON.stringify([name, field.type, field.counted]);
      if (!used.has(key)) used.set(key, { name, field, purposes: new Set(), events: [] });
      const { purposes, events } = used.get(key)!;
      purposes.add(field.purpose);
      events.push(event);
    }
  }
  const rows = [...used.values()];
  return rows.map(({ name, field, purposes, events }) => {
    const isOne = rows.filter((other) => other.name === name).length === 1;
    return [
      isOne ? code(name) : `${code(name)} of ${codes(events)}`,
      kindOf(field.type),
      [...purposes].join('; '),
      field.counted ? 'yes' : '',
    ];
  });
}

function metricRows(): string[][] {
  return entries(DESCRIBED).map(([name, { kind, unit, description, attributes }]) => {
    const also = name === 'ao.events' ? ', and what is counted above' : '';
    return [code(name), kind, code(unit), `${codes(attributes)}${also}`, description];
  });
}

function kindOf(type: FieldKind): string {
  switch (type.kind) {
    case 'word':
      return type.words.length > MOST_WORDS ? `one of ${type.words.length} words` : codes(type.words);
    case 'bucketed':
      return 'milliseconds, rounded down';
    case 'count':
      return 'whole number';
    case 'hash':
      return 'keyed hash';
    case 'time':
      return 'milliseconds UTC';
    case 'position':
      return 'number of a row';
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.toSpliced(1, 0, `|${'---|'.repeat(head.length)}`).join('\n');
}

const code = (word: string): string => `\`${word}\``;
const codes = (words: readonly string[]): string => words.map(code).join(', ');

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
