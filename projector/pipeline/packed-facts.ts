import { ACTIVITIES, type ChangeFact } from '../../projections/facts.ts';

/** Facts of one page on their way between threads: rows of numbers, the words that these name, and as JSON what is rarer. */
export interface PackedFacts {
  readonly rows: Float64Array;
  readonly words: readonly string[];
  readonly others: string;
}

/** seq, at, nanos, project, session, what it says, preview, host. */
const COLUMNS = 8;

/** Says that a row is a chat row, or the next of the others; a session row says its activity and whether it has ended. */
const CHATTED = -1;
const OTHER = -2;

export function packFacts(facts: readonly ChangeFact[]): PackedFacts {
  const rows = new Float64Array(facts.length * COLUMNS);
  const words = new Map<string, number>();
  const others: ChangeFact[] = [];
  const wordOf = (text: string): number => {
    const known = words.get(text);
    if (known !== undefined) return known;
    words.set(text, words.size);
    return words.size - 1;
  };
  let i = 0;
  for (const fact of facts) {
    if (fact.type !== 'session_updated' && fact.type !== 'session_chatted') {
      others.push(fact);
      rows[i + 5] = OTHER;
    } else {
      rows[i] = fact.seq;
      rows[i + 1] = fact.at;
      rows[i + 2] = fact.nanos;
      rows[i + 3] = fact.project;
      rows[i + 4] = wordOf(fact.session);
      rows[i + 5] = CHATTED;
      if (fact.type === 'session_updated') {
        rows[i + 5] = ACTIVITIES.indexOf(fact.activity) * 2 + Number(fact.terminated);
        rows[i + 6] = wordOf(fact.preview);
        rows[i + 7] = fact.host;
      }
    }
    i += COLUMNS;
  }
  return { rows, words: [...words.keys()], others: JSON.stringify(others) };
}

/** The facts as they were packed, one at a time. */
export function* unpackFacts({ rows, words, others }: PackedFacts): Generator<ChangeFact> {
  const rest = (JSON.parse(others) as ChangeFact[]).values();
  for (let i = 0; i < rows.length; i += COLUMNS) {
    const says = rows[i + 5]!;
    if (says === OTHER) {
      yield rest.next().value!;
      continue;
    }
    const seq = rows[i]!;
    const at = rows[i + 1]!;
    const nanos = rows[i + 2]!;
    const project = rows[i + 3]!;
    const session = words[rows[i + 4]!]!;
    if (says === CHATTED) {
      yield { type: 'session_chatted', seq, at, nanos, project, session };
      continue;
    }
    const activity = ACTIVITIES[says >> 1]!;
    const terminated = says % 2 === 1;
    const preview = words[rows[i + 6]!]!;
    yield {
      type: 'session_updated',
      seq,
      at,
      nanos,
      project,
      session,
      activity,
      terminated,
      preview,
      host: rows[i + 7]!,
    };
  }
}
