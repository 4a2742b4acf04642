import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { minifySync } from '@swc/core';

const FOLDER = new URL('../../dist/projector/page/', import.meta.url);

/** Makes the scripts of the page small, once they are built: they are served as they are. */
for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.js')) continue;
  const file = new URL(name.replaceAll('\\', '/'), FOLDER);
  writeFileSync(file, minifySync(readFileSync(file, 'utf8'), { module: true, compress: true, mangle: true }).code);
}
