import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { packagePath } from '../store/paths.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the page, as it is answered. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Every file of the page by its path: those of the package, and the one of the library that draws. They are read once and listed
 * by name, so that no path leads to any other file. Nothing in them is about this machine.
 */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const found: (readonly [path: string, file: string])[] = [
    ['/', packagePath('projector', 'page', 'index.html')],
    ['/icon.svg', packagePath('projector', 'page', 'icon.svg')],
    ['/uplot.js', join(uplot, 'dist', 'uPlot.iife.min.js')],
    ['/uplot.css', join(uplot, 'dist', 'uPlot.min.css')],
    ...styles().map((name) => [`/${name}`, packagePath('projector', 'page', ...name.split('/'))] as const),
    ...scripts().map((name) => [`/${name}`, packagePath('dist', ...name.split('/'))] as const),
  ];
  return new Map(found.map(([path, file]) => [path, { type: TYPES[extname(file)]!, content: readFileSync(file) }]));
}

/** What the page shares with the program, beside the scripts of its own; as paths from the root of what was built. */
const SHARED = [
  'projections/vocabulary.js',
  'projector/errors.js',
  ...['bounds', 'details', 'dimensions', 'duration', 'intervals', 'funnel/question'].map(
    (name) => `projector/answers/${name}.js`,
  ),
];

function scripts(): string[] {
  const own = filesIn(packagePath('dist', 'projector', 'page'), '.js').map((name) => `projector/page/${name}`);
  return [...own, ...SHARED];
}

function styles(): string[] {
  return filesIn(packagePath('projector', 'page'), '.css');
}

/** Files of a folder and those in it whose names end so, as paths from there with slashes. */
function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.replaceAll('\\', '/'));
}
