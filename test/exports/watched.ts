import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { daemonProcess, projectorIn, type Running, until } from '../support/processes.ts';
import { hostOfTomorrow } from './live-export.ts';

const PRELOAD = packagePath('test', 'exports', 'sockets.cjs');

export type Env = Readonly<Record<string, string>>;

/** An `ao-projector` whose sockets are recorded, and those of its threads and children. */
export interface Watched {
  readonly running: Running;
  /** One line for each socket it tried to open, and each name it tried to resolve. */
  sockets(): string[];
}

let started = 0;

/** Starts `ao-projector`, built, in a working directory, where the record is kept too. */
export function watched(cwd: string, env: Env, ...words: readonly string[]): Watched {
  started += 1;
  const file = join(cwd, `sockets-${started}`);
  const preload = { AO_TEST_SOCKETS: file, NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}` };
  const running = projectorIn(cwd, { ...env, ...preload }, ...words);
  return { running, sockets: () => readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

/** How a process of some words ended: its exit code, and the sockets that it tried to open. */
export type Outcome = readonly [words: string, code: number | null, ...sockets: string[]];

/** The outcomes of commands that end well and open nothing. */
export function silent(commands: readonly string[]): Outcome[] {
  return commands.map((words) => [words, 0]);
}

/** Runs commands, one after the other. */
export async function outcomes(cwd: string, env: Env, commands: readonly string[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const command of commands) {
    const { running, sockets } = watched(cwd, env, ...command.split(' '));
    const { code } = await running.ended;
    found.push([command, code, ...sockets()]);
  }
  return found;
}

interface Moment {
  /** Where the daemon's database is, if not in the working directory. */
  readonly dataDir?: string;
  readonly isLongEnough?: () => boolean;
}

/** A `run` beside a daemon for a moment: until all is derived, and the moment long enough, or it ends by itself. */
export async function outcomeOfRun(
  cwd: string,
  env: Env,
  { dataDir = cwd, isLongEnough = () => true }: Moment = {},
): Promise<Outcome> {
  hostOfTomorrow(dataDir);
  const { running, sockets } = watched(cwd, env, 'run');
  const isOver = () => running.child.exitCode !== null;
  await Promise.race([running.ended, running.says('Tailing')]);
  await daemonProcess(dataDir, '--rate', '400', '--steps', '80', '--seed', '3').ended;
  const isDerived = () => JSON.parse(answer(dataDir, 'status --json')).streams.change_log.lag_rows === 0;
  await until(() => isOver() || (isDerived() && isLongEnough()));
  const { code } = await running.stop();
  return ['run', code, ...sockets()];
}

/** What a question is answered about a data directory, in this process. */
export function answer(dataDir: string, words: string): string {
  return answerOf(dataDir, EVENTS_TIER, Date.now(), words.split(' '));
}
