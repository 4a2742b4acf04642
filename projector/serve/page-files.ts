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
    ['/page.css', packagePath('projector', 'page', 'page.css')],
    ['/icon.svg', packagePath('projector', 'page', 'icon.svg')],
    ['/uplot.js', join(uplot, 'dist', 'uPlot.iife.min.js')],
    ['/uplot.css', join(uplot, 'dist', 'uPlot.min.css')],
    ...scripts().map((name) => [`/${name}`, packagePath('dist', ...name.split('/'))] as const),
  ];
  return new Map(found.map(([path, file]) => [path, { type: TYPES[extname(file)]!, content: readFileSync(file) }]));
}

/** What the page shares with the program, beside the scripts of its own; as paths from the root of what was built. */
const SHARED = ['projector/answers/duration.js', 'projections/vocabulary.js'];

function scripts(): string[] {
  const own = readdirSync(packagePath('dist', 'projector', 'page'), { recursive: true, encoding: 'utf8' });
  const names = own
    .filter((name) => name.endsWith('.js'))
    .map((name) => `projector/page/${name.replaceAll('\\', '/')}`);
  return [...names, ...SHARED];
}
