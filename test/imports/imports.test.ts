import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Checked, checkImports } from './check.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  }
}

function check(files: Readonly<Record<string, string>>): Checked {
  write(files);
  return checkImports(root);
}

test.each([
  ['projections/a.ts', "import { b } from '../projector/host/b.ts';", '../projector/host/b.ts'],
  ['projections/a.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
  ['projections/a.ts', "import { of } from 'rxjs';", 'rxjs'],
  ['drizzle/a.ts', "import { b } from '../projector/errors.ts';", '../projector/errors.ts'],
  ['projector/errors.ts', "import { b } from './tiers.ts';", './tiers.ts'],
  ['projector/host/a.ts', "import { pathsOf } from '../store/paths.ts';", '../store/paths.ts'],
  ['projector/host/a.ts', "import type { Tiers } from '../tiers.ts';", '../tiers.ts'],
  ['projector/store/derived/a.ts', "export * from '../../pipeline/live.ts';", '../../pipeline/live.ts'],
  ['projector/answers/funnel/a.ts', "import '../../pipeline/run.ts';", '../../pipeline/run.ts'],
  ['projector/pipeline/a.ts', "const { status } = await import('../answers/status.ts');", '../answers/status.ts'],
  ['projector/pipeline/a.ts', "import {\n  table,\n  time,\n} from '../cli/format.ts';", '../cli/format.ts'],
  ['projector/library/a.ts', "import { parseTime } from '../cli/context.ts';", '../cli/context.ts'],
  ['projector/library/a.ts', "const { run } = await import('../pipeline/run.ts');", '../pipeline/run.ts'],
  ['projector/answers/a.ts', "import type { Tables } from '../library/tables.ts';", '../library/tables.ts'],
  ['projector/cli/a.ts', "import { loadRecorded } from '../../fixtures/recorded.ts';", '../../fixtures/recorded.ts'],
  ['projector/cli/a.ts', 'import { oracle } from "../../test/oracle/oracle.ts";', '../../test/oracle/oracle.ts'],
  ['projector/bundle/a.ts', "import { replaying } from '../replay/replay.ts';", '../replay/replay.ts'],
  ['projector/unknown/a.ts', "import { b } from './b.ts';", './b.ts'],
])('%s may not say %s', (file, source, found) => {
  const { imports, violations } = check({ [file]: source });
  expect(imports).toBe(1);
  expect(violations).toHaveLength(1);
  expect(violations[0]!.startsWith(`${file}: expected `)).toBe(true);
  expect(violations[0]!.endsWith(`, found ${found}`)).toBe(true);
});

test('imports along the direction are counted and pass', () => {
  const checked = check({
    'projections/a.ts': "import { b } from './b.ts';",
    'drizzle/a.ts': "import { c } from '../projections/a.ts';\nimport { sql } from 'drizzle-orm';",
    'projector/host/a.ts': "import { e } from '../errors.ts';\nimport { c } from '../../projections/a.ts';",
    'projector/store/a.ts': "import { h } from '../host/a.ts';\nimport { t } from '../tiers.ts';",
    'projector/answers/a.ts': "import { s } from '../store/a.ts';",
    'projector/library/a.ts': "import { a } from '../answers/a.ts';",
    'projector/cli/a.ts': "import { a } from '../answers/a.ts';\nconst p = await import('../pipeline/a.ts');",
  });
  expect(checked).toEqual({ imports: 11, violations: [] });
});

test('what comments and texts say is no import', () => {
  const source = [
    "// import { a } from '../projector/host/a.ts';",
    "/* import '../projector/host/a.ts' */",
    'const text = "import \'../projector/host/a.ts\'";',
    "const url = 'https://example.org'; /* `from '../projector/host/a.ts'` */",
    "import { b } from './b.ts';",
  ].join('\n');
  expect(check({ 'projections/a.ts': source })).toEqual({ imports: 1, violations: [] });
});

test('the script prints what it finds and fails, and passes when it finds nothing', () => {
  const script = join(root, 'test', 'imports', 'check.ts');
  write({ 'package.json': '{ "type": "module" }', 'projections/a.ts': "import { of } from 'rxjs';" });
  mkdirSync(dirname(script), { recursive: true });
  copyFileSync('test/imports/check.ts', script);
  const run = () => spawnSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8' });
  expect(run()).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'projections/a.ts: expected imports of projections alone, found rxjs\n',
  });
  write({ 'projections/a.ts': "import { b } from './b.ts';" });
  expect(run()).toMatchObject({ status: 0, stdout: '1 imports go the right way.\n', stderr: '' });
});
