import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { loadKnown } from '../../fixtures/known.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { hostPath, tiersOn } from '../support/processes.ts';
import { EmptyProject } from './empty-project.ts';

jest.setTimeout(60_000);

let project: EmptyProject;
let env: Record<string, string>;
beforeAll(() => {
  project = new EmptyProject();
  env = tiersOn(project.folder);
  loadKnown(hostPath(project.folder)).close();
  bin('rebuild');
});
afterAll(() => project?.remove());

function bin(...args: string[]): string {
  return project.run(join('node_modules', '.bin', 'ao-projector'), args, env);
}

/** Runs a module of the project that prints JSON. */
function program(source: string): unknown {
  project.write('program.js', source);
  return JSON.parse(project.run(process.execPath, ['program.js'], env));
}

function typeErrors(source: string): string {
  project.write('program.ts', source);
  const compiler = packagePath('node_modules', 'typescript', 'bin', 'tsc');
  try {
    return project.run(process.execPath, [compiler, '--noEmit', '--module', 'nodenext', '--strict', 'program.ts']);
  } catch (error) {
    return (error as Error).message;
  }
}

const text = (file: string) => readFileSync(join(project.installed, file), 'utf8');
const scripts = () => project.files.filter((file) => file.endsWith('.js'));

/** The modules of the package that a built one names, whether it imports them or starts them, as paths in the package. */
function modulesNamedBy(file: string): string[] {
  return [...text(file).matchAll(/'(\.{1,2}\/[^']+\.js)'/g)].map(([, path]) => posix.join(posix.dirname(file), path!));
}

/** A test that is written for somebody names what it imports only then. */
function packagesImportedBy(file: string): string[] {
  const imports = text(file).matchAll(
    /^(?:import|export)\s[^;]*?from '([^.'$][^']*)';|\b(?:import|resolve)\('([^.'][^']*)'\)/gm,
  );
  return [...imports].map(([, statically, lazily]) => (statically ?? lazily)!);
}

describe('the tarball', () => {
  test('holds what was built, the migrations and the docs, and nothing else', () => {
    const expected = [
      /^(LICENSE|README\.md|package\.json)$/,
      /^docs\/([\w-]+\.(md|schema\.json)|openapi\.json)$/,
      /^docs\/page\/[\w-]+\.png$/,
      /^projector\/page\/([\w-]+\/)*[\w-]+\.(html|css|svg)$/,
      /^docs\/services\/[\w.-]+\.(service|timer|plist|xml)$/,
      /^docs\/teams\/[\w-]+\.(sql|yaml|yml)$/,
      /^drizzle\/migrations\/(\d+_\w+\.sql|meta\/_journal\.json)$/,
      /^dist\/(drizzle|fixtures|projections|projector|triggers)\/([\w-]+\/)*[\w-]+\.(js|d\.ts)$/,
    ];
    expect(project.files.filter((file) => !expected.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  test.each(['drizzle', 'projections', 'projector', 'triggers'])('has every module of %s, with its types', (folder) => {
    const names = readdirSync(packagePath(folder), { recursive: true, encoding: 'utf8' });
    const modules = names.filter((name) => name.endsWith('.ts')).map((name) => `dist/${folder}/${name.slice(0, -3)}`);
    expect(modules.length).toBeGreaterThan(2);
    const expected = modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`]);
    expect(project.files).toEqual(expect.arrayContaining(expected));
  });

  test('has of the fixtures only the model of the daemon that the demo starts', () => {
    const reached = new Set<string>();
    const reach = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      modulesNamedBy(file).forEach(reach);
    };
    reach('dist/fixtures/daemon/process.js');
    const isFixture = (file: string) => file.startsWith('dist/fixtures/');
    expect(scripts().filter(isFixture).sort()).toEqual([...reached].filter(isFixture).sort());
  });

  test('has every module that one of its modules names', () => {
    const named = scripts().flatMap(modulesNamedBy);
    expect(named).toContain('dist/projector/pipeline/rebuild-worker.js');
    expect(named).toContain('dist/fixtures/daemon/process.js');
    expect(named.filter((file) => !project.files.includes(file))).toEqual([]);
  });

  test('declares every package that it imports, and none that it does not', () => {
    const imported = new Set(
      scripts()
        .flatMap(packagesImportedBy)
        .filter((name) => !isBuiltin(name)),
    );
    const names = [...imported].map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
    expect([...new Set(names)].sort()).toEqual(Object.keys(project.manifest.dependencies).sort());
  });
});

test('the command is there and knows its version', () => {
  expect(bin('--version').trim()).toBe(project.manifest.version);
});

/** The program of `docs/library.md`, and what it prints there. */
function documented(): { example: string; output: string } {
  const [, example, output] = /```js\n([\s\S]*?)```\n+```\n([\s\S]*?)```/.exec(text('docs/library.md'))!;
  return { example: example!, output: output! };
}

describe('a program', () => {
  test('prints what the docs say of it', () => {
    const { example, output } = documented();
    project.write('example.js', example);
    expect(project.run(process.execPath, ['example.js'], env)).toBe(output);
    expect(typeErrors(example)).toBe('');
  });

  test('gets the answers of the command', () => {
    const answers = program(`
      import { crashes, events, funnel, open } from 'ao-projector';
      const tables = open();
      const now = '2026-06-15';
      console.log(JSON.stringify([
        funnel(tables, 'session', { by: 'harness', now }),
        crashes(tables, { since: '3d', now }),
        [...events(tables, { limit: 3 })],
      ]));
      tables.close();`);
    const now = ['--now', '2026-06-15', '--json'];
    expect(answers).toEqual([
      JSON.parse(bin('funnel', 'session', '--by', 'harness', ...now)),
      JSON.parse(bin('crashes', '--since', '3d', ...now)),
      bin('events', '--limit', '3', '--json')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ]);
    expect(answers).toMatchObject([{ steps: [{ reached: 11 }, {}, {}, {}, {}, { reached: 4 }] }, {}, [{}, {}, {}]]);
  });

  test('reaches nothing else of the package', () => {
    const reached = program(`
      const tried = (name) => import(name, { with: { type: 'json' } }).then(({ default: { name } }) => name, ({ code }) => code);
      console.log(JSON.stringify([
        Object.keys(await import('ao-projector')),
        await tried('ao-projector/package.json'),
        await tried('ao-projector/dist/projector/errors.js'),
        await tried('ao-projector/errors'),
      ]));`);
    expect(reached).toEqual([
      [
        ...['ProjectorError', 'activity', 'crashes', 'events', 'explain', 'failureGroup', 'failures', 'funnel', 'open'],
        ...['pr', 'session', 'status', 'stuck', 'usage', 'why'],
      ],
      'ao-projector',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    ]);
  });

  test('is not changed by importing it', () => {
    const [before, after] = program(`
      import { readdirSync } from 'node:fs';
      import { getHeapStatistics } from 'node:v8';
      process.umask(0o022);
      const present = () => ({
        umask: process.umask(),
        heap: getHeapStatistics().heap_size_limit,
        listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
        resources: process.getActiveResourcesInfo(),
        globals: Object.getOwnPropertyNames(globalThis),
        env: { ...process.env },
        files: readdirSync(process.env.AO_DATA_DIR),
      });
      const before = present();
      await import('ao-projector');
      console.log(JSON.stringify([before, present()]));`) as [object, object];
    expect(before).toMatchObject({ umask: 0o022, files: expect.arrayContaining(['ao.db']) });
    expect(after).toEqual(before);
  });

  test('is told what is wrong as an error with a code', () => {
    const problem = program(`
      import { open, ProjectorError } from 'ao-projector';
      try {
        open({ dataDir: 'nowhere' });
      } catch (error) {
        console.log(JSON.stringify([error instanceof ProjectorError, error.code]));
      }`);
    expect(problem).toEqual([true, 'nothing_derived']);
  });
});

describe('the types', () => {
  test('stand alone: no types of another package than those that are installed with it are needed', () => {
    expect(existsSync(join(project.folder, 'node_modules', '@types'))).toBe(false);
    const errors = typeErrors(`
      import { type EventAnswer, type Explained, type Filters, type FunnelAnswer, type QuestionJson, type Tables } from 'ao-projector';
      import * as library from 'ao-projector';

      const filters: Filters = { since: new Date(0), until: '1d', now: Date.now(), by: 'harness', project: undefined };
      const tables: Tables = library.open({ dataDir: '/data', rawIds: true });
      const question: QuestionJson = { steps: [{ events: ['ao.pr.observed'] }, { events: ['ao.pr.merged'], gap_ms: 1 }] };
      const answer: FunnelAnswer = library.funnel(tables, question, filters);
      const reached: number = answer.steps[0]!.reached;
      const milestone: number | null = library.funnel(tables, 'onboarding').steps[0]!.at;
      const all: EventAnswer[] = [...library.events(tables, { names: ['ao.pr.merged'], limit: 1 })];
      const explained: Explained = library.explain(tables, { funnel: 'session', step: 1 });
      if (explained.kind === 'event') explained.causes.map(({ held }) => held);
      const wait: string | null | undefined = library.stuck(tables).open_waits[0]?.raw;
      export const told = [reached, milestone, all, wait, library.status({ dataDir: '/data' }).host.triggers === 'ok'];

      // @ts-expect-error: there is no such funnel
      library.funnel(tables, 'sessions');
      // @ts-expect-error: nor such a dimension
      library.failures(tables, { by: 'colour' });
      // @ts-expect-error: answers cannot be written
      answer.steps[0]!.reached = 1;
      // @ts-expect-error: tables come from open alone
      library.usage({ asOf: tables.asOf, close: () => {} });
      // @ts-expect-error: what they are read from is no part of them
      tables.answer((source) => source);
      // @ts-expect-error: counts are numbers
      export const wrong: string = answer.attempts;
    `);
    expect(errors).toBe('');
  });
});
