import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Random } from '../../fixtures/random.ts';
import { derive } from '../../projector/bundle/derived.ts';
import { askProjected, projectFacts } from '../../projector/bundle/project.ts';
import { readFacts } from '../../projector/bundle/read-facts.ts';
import { zip } from '../../projector/bundle/zip.ts';
import { madeOfHistory, textsIn } from '../bundle/made.ts';
import { withFolder } from '../support/temporary.ts';

const TIMES = 20;

/** Fields of either file that are tried with another value. */
const CHANGES = 200;

/** Values that may stand somewhere in a fact, however little sense they make there. */
const EXTREMES = [
  ...[0, 1, -1, 2, 999_999, 1e15, -1e15, 2 ** 46 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  ...[
    true,
    false,
    null,
    '',
    'other',
    'p1',
    'p0',
    'scratch',
    'p999999999',
    'p1-1',
    'p1-2',
    'scratch-0',
    'p2.9-999999999',
  ],
  ...['https://example.invalid/p1/pull/1', 'c1', 'v1', 'r1', 'f1', '2026-06-18T10:00:00.000000000Z'],
  ...['active', 'idle', 'waiting_input', 'exited', 'open', 'merged', 'failing', 'approved', 'worker', 'ao send'],
];

type Row = Record<string, unknown>;

/** The rows of a file with some fields changed: only to what a fact may hold there, and in the order of their positions. */
function changed(text: string, position: 'seq' | 'position', random: Random): string[] {
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const isFact = (row: Row) => {
    const line = [JSON.stringify(row)];
    try {
      return position === 'seq' ? readFacts(line, []) : readFacts([], line);
    } catch {
      return null;
    }
  };
  for (let count = 0; count < CHANGES; count++) {
    const index = random.between(0, rows.length - 1);
    const row = rows[index]!;
    const fields = position === 'position' && random.chance(0.5) ? (row.data as Row) : row;
    const field = random.pick([...Object.keys(fields), 'seq']);
    const other = { ...fields, [field]: random.pick(EXTREMES) };
    const whole = fields === row ? other : { ...row, data: other };
    if (isFact(whole)) rows[index] = whole;
  }
  const byPosition = new Map(rows.map((row) => [row[position] as number, row]));
  return [...byPosition].sort(([a], [b]) => a - b).map(([, row]) => JSON.stringify(row));
}

test('whatever facts say that may stand in a bundle, they are projected', () => {
  withFolder((folder) => {
    const texts = textsIn(zip(madeOfHistory(folder).files));
    const random = new Random(3);
    for (let time = 0; time < TIMES; time++) {
      const changes = changed(texts['change_log.ndjson']!, 'seq', random);
      const journal = changed(texts['journal.ndjson']!, 'position', random);
      const into = join(folder, `any-${time}`);
      mkdirSync(into);
      const { events } = askProjected(projectFacts(into, readFacts(changes, journal)), (source) => derive(source, 0));
      expect(events.length).toBeGreaterThan(0);
    }
  });
}, 60_000);
