import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';
import { projectorIn, type Running } from '../support/processes.ts';

const PRELOAD = packagePath('test', 'exports', 'sockets.cjs');

/** An `ao-projector` whose sockets are recorded, and those of its threads and children. */
export interface Watched {
  readonly running: Running;
  /** One line for each socket it tried to open, and each name it tried to resolve. */
  sockets(): string[];
}

let started = 0;

/** Starts `ao-projector`, built, in a working directory, where the record is kept too. */
export function watched(cwd: string, env: Readonly<Record<string, string>>, ...words: readonly string[]): Watched {
  started += 1;
  const file = join(cwd, `sockets-${started}`);
  const preload = { AO_TEST_SOCKETS: file, NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}` };
  const running = projectorIn(cwd, { ...env, ...preload }, ...words);
  return { running, sockets: () => readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}
