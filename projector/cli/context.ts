import { Option } from 'commander';
import { parseTime } from '../answers/bounds.ts';
import { type Paths, pathsOf } from '../store/paths.ts';
import { type Tiers, tiersOf } from '../tiers.ts';
import { freeSpace } from './free-space.ts';
import { readNamed } from './read-named.ts';

/** What every command is handed: where things are, what is switched on, and how to speak. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly paths: Paths;
  readonly tiers: Tiers;
  readonly now: () => number;
  readonly pid: number;
  /** Bytes that may still be written on the file system of a directory; null where there is no such directory. */
  readonly freeSpace: (directory: string) => number | null;
  /** What stands in a file that the command line names; null where there is none. Throws where it cannot be read. */
  readonly readNamed: (path: string) => string | null;
  /** Writes the answer. */
  readonly out: (text: string) => void;
  /** Writes an answer that is no text. */
  readonly write: (bytes: Uint8Array) => void;
  /** Writes progress and notices. */
  readonly err: (text: string) => void;
  /** Whether progress goes to a terminal. */
  readonly isTerminal: boolean;
}

/** The context of this process. Reads the environment, so it throws where that has a switch that is neither on nor off. */
export function processContext(): Context {
  return {
    env: process.env,
    paths: pathsOf(process.env),
    tiers: tiersOf(process.env),
    now: Date.now,
    pid: process.pid,
    freeSpace,
    readNamed,
    out: (text) => void process.stdout.write(text),
    write: (bytes) => void process.stdout.write(bytes),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  };
}

/** Whether a command that writes may do so. Says why not when both tiers are off. */
export function maySwitchOn({ tiers, err }: Context): boolean {
  if (tiers.metrics) return true;
  err(
    'Analytics are off: nothing was opened. Set AO_TELEMETRY_METRICS=on (hashed) or AO_TELEMETRY_EVENTS=on (with raw ids).\n',
  );
  return false;
}

export const jsonOption = () => new Option('--json', 'print JSON for programs');

export const nowOption = () =>
  new Option('--now <time>', 'the moment by which open and quiet are judged (default: the clock)').argParser(parseTime);

export const sinceOption = (what: string) =>
  new Option('--since <time>', `only ${what} at or after this time, e.g. 30d`);
