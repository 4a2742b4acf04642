import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CREATE_EVENT_TABLE, DIMENSION_COLUMNS } from '../../projector/answers/clickhouse/event-table.ts';
import { packagePath } from '../../projector/store/paths.ts';

const read = (...path: string[]) => readFileSync(packagePath('docs', ...path), 'utf8');

test('every file of the recipe is told of on the page', () => {
  const page = read('teams.md');
  for (const file of readdirSync(packagePath('docs', 'teams'))) expect(page).toContain(`(teams/${file})`);
});

test('the recipe makes the table that questions are asked of', () => {
  expect(read('teams', 'clickhouse.sql')).toContain(`${CREATE_EVENT_TABLE};\n`);
});

test.each([
  ['clickhouse.sql', 'attributes'],
  ['clickhouse-contrib.sql', 'LogAttributes'],
])('the view of %s fills the column of every dimension', (file, attributes) => {
  const sql = read('teams', file);
  for (const name of ['subject_kind', 'subject', 'session', 'project', ...DIMENSION_COLUMNS]) {
    expect(sql).toMatch(new RegExp(`^  ${attributes}\\['ao\\.${name}'\\] AS ${name},?$`, 'm'));
  }
});
