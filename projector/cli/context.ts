import { Option } from 'commander';
import { EXIT, ProjectorError } from '../errors.ts';
import { type Paths, pathsOf } from '../store/paths.ts';
import { type Tiers, tiersOf } from '../tiers.ts';
import { freeSpace } from './free-space.ts';

/** What every command is handed: where things are, what is switched on, and how to speak. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly paths: Paths;
  readonly tiers: Tiers;
  readonly now: () => number;
  readonly pid: number;
  /** Bytes that may still be written on the file system of a directory; null where there is no such directory. */
  readonly freeSpace: (directory: string) => number | null;
  /** Writes the answer. */
  readonly out: (text: string) => void;
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
    out: (text) => void process.stdout.write(text),
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

/** A time as users write it: `2026-06-18`, `2026-06-18T12:00:00Z`, or milliseconds. */
export function parseTime(text: string): number {
  const ms = /^\d{12,}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw invalidTime(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A bound as users write it: a time, or a span such as `30d` back from `now`. */
export function parseBound(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const span = spanOf(text);
  return span === null ? parseTime(text) : now - span;
}

/** A span as users write it, such as `30d`, in milliseconds. */
export function parseSpan(text: string): number {
  const span = spanOf(text);
  if (span !== null) return span;
  throw new ProjectorError(
    {
      code: 'span_invalid',
      message: `${JSON.stringify(text)} is not a span of time.`,
      expected: 'a whole number and a unit: s, m, h, d or w',
      found: JSON.stringify(text),
      remedy: 'Write, for example, --within 7d or --gap 36h.',
    },
    EXIT.usage,
  );
}

function spanOf(text: string): number | null {
  const span = /^(\d+)([smhdw])$/.exec(text);
  return span && Number(span[1]) * UNITS[span[2]!]!;
}

function invalidTime(text: string): ProjectorError {
  return new ProjectorError(
    {
      code: 'time_invalid',
      message: `${JSON.stringify(text)} is not a time.`,
      expected: 'an ISO date or time, milliseconds since 1970, or a span such as 12h, 30d or 4w',
      found: JSON.stringify(text),
      remedy: 'Write, for example, --since 30d or --since 2026-06-01.',
    },
    EXIT.usage,
  );
}
