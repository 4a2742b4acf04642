import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKED = ['projector', 'projections', 'triggers', 'drizzle'];

const HOST = ['projections', 'drizzle', 'projector/errors.ts'];
const STORE = ['projector/host', ...HOST, 'projector/tiers.ts', 'projector/remote.ts'];
const ABOVE_STORE = ['projector/store', ...STORE];

/** What the files of a folder may import beside one another. A file that stands in no folder of this list breaks the check. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  projections: [],
  drizzle: ['projections'],
  triggers: HOST,
  'projector/errors.ts': [],
  'projector/remote.ts': ['projector/errors.ts'],
  'projector/tiers.ts': ['projector/remote.ts', 'projector/errors.ts'],
  'projector/host': [...HOST, 'triggers'],
  'projector/store': STORE,
  'projector/pipeline': ABOVE_STORE,
  'projector/answers': ABOVE_STORE,
  'projector/exports': ['projector/answers', ...ABOVE_STORE],
  'projector/page': ['projector/answers', 'projector/errors.ts', 'projections'],
  'projector/serve': ['projector/answers', ...ABOVE_STORE],
  'projector/bundle': ['projector/answers', 'projector/pipeline', ...ABOVE_STORE],
  'projector/replay': ['projector/bundle', 'projector/answers', 'projector/pipeline', ...ABOVE_STORE],
  'projector/library': ['projector/answers', ...ABOVE_STORE],
  'projector/cli': ['projector', 'projections', 'triggers'],
};

/** Folders that may not import packages either, Node's own included. */
const WITHOUT_PACKAGES = ['projections'];

export interface Checked {
  readonly imports: number;
  /** One line for each import that goes the wrong way. */
  readonly violations: readonly string[];
}

/** Holds every import of the package at `root` against the direction in which imports go. */
export function checkImports(root: string): Checked {
  const violations: string[] = [];
  let imports = 0;
  for (const file of CHECKED.flatMap((folder) => sources(root, folder))) {
    for (const imported of importsOf(readFileSync(join(root, file), 'utf8'))) {
      imports += 1;
      const expected = expectation(file, imported);
      if (expected) violations.push(`${file}: expected ${expected}, found ${imported}`);
    }
  }
  return { imports, violations };
}

/** What was expected of an import that goes the wrong way; null for any other. */
function expectation(file: string, imported: string): string | null {
  const folder = Object.keys(MAY_IMPORT).find((name) => isIn(file, name));
  if (!folder) return 'a folder that the check knows';
  const allowed = [folder, ...MAY_IMPORT[folder]!];
  if (!imported.startsWith('.')) return WITHOUT_PACKAGES.includes(folder) ? `imports of ${folder} alone` : null;
  const target = posix.join(posix.dirname(file), imported);
  return allowed.some((name) => isIn(target, name)) ? null : `imports of ${allowed.join(', ')}`;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** TypeScript files of a folder, as paths from the root with slashes; none where there is no such folder. */
function sources(root: string, folder: string): string[] {
  const path = join(root, folder);
  const names = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, ...name.split(sep)))
    .sort();
}

/** Comments and texts are stepped over, so that what they say of imports is not taken for one. */
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/.*|\b(?:from\s*|import\s*\(?\s*)(['"])(?<imported>.+?)\1|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

function importsOf(source: string): string[] {
  return [...source.matchAll(TOKEN)].flatMap(({ groups }) => groups?.imported ?? []);
}

const thisFile = fileURLToPath(import.meta.url);
if (realpathSync(process.argv[1]!) === thisFile) {
  const { imports, violations } = checkImports(join(dirname(thisFile), '..', '..'));
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
  else console.log(`${imports} imports go the right way.`);
}
