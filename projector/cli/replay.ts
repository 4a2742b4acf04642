import { type Command, Option } from 'commander';
import { parseBound } from '../answers/bounds.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import type { Difference } from '../replay/difference.ts';
import type { Pace } from '../replay/playback.ts';
import type { Replayed } from '../replay/replay.ts';
import { version } from '../store/version.ts';
import { type Context, jsonOption } from './context.ts';
import type { WishOptions } from './replay-as-test.ts';
import { portOption, serveUntil } from './serve.ts';

/** A whole history is played in so many milliseconds, where nobody asks for another speed. */
const WHOLE_MS = 30_000;

interface Options extends WishOptions {
  readonly speed?: number;
  readonly step?: true;
  readonly play: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
  readonly serve?: true;
  readonly port?: number;
  readonly asTest?: string;
}

export function replayCommand(program: Command, context: () => Context): void {
  program
    .command('replay')
    .description('projects the facts of a bug report anew, says whether the same is derived, and plays its events')
    .argument('<file>', 'the zip of a bug report, or a folder with an `ao.db`, which is copied')
    .addOption(
      new Option('--speed <n>', 'so many seconds of history a second (default: all of it in 30 s)').argParser(
        parseSpeed,
      ),
    )
    .addOption(new Option('--step', 'wait for Enter before each event').conflicts('speed'))
    .addOption(new Option('--from <time>', 'play from this time on; a span such as 2h counts back from the end'))
    .addOption(new Option('--to <time>', 'play up to this time'))
    .option('--no-play', 'compare alone')
    .option('--serve', 'play it on the page, until stopped, instead of here')
    .addOption(portOption().implies({ serve: true }))
    .addOption(
      new Option('--as-test <name>', 'write the smallest history that still shows something, and a test of it, here'),
    )
    .addOption(new Option('--failure <group>', 'what the test shows: a group of failures'))
    .addOption(new Option('--event <id>', 'what the test shows: an event'))
    .addOption(new Option('--difference', 'what the test shows: the first difference'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExits with 1 where anything differs.\n\nExample:\n  ao-projector replay ao-projector-bug-report-20260614T120500Z.zip --speed 3600',
    )
    .action((file: string, options: Options) => replayAction(context(), file, options));
}

async function replayAction(context: Context, file: string, options: Options): Promise<void> {
  const { out } = context;
  if (options.step && !(process.stdin.isTTY && process.stdout.isTTY)) throw noTerminal();
  // Loaded here, for other commands do without it.
  const { askProjected } = await import('../bundle/project.ts');
  const { replaying } = await import('../replay/replay.ts');
  const { asTest, wishOf } = await import('./replay-as-test.ts');
  const isPlayed = options.play && (options.step || options.speed !== undefined || process.stdout.isTTY);
  const wish = options.asTest === undefined ? null : wishOf(options);
  await replaying(file, async (replayed, stop) => {
    if (wish) {
      out(await asTest(replayed, wish, options.asTest!, stop));
      return;
    }
    if (replayed.difference) process.exitCode = EXIT.failed;
    const pace = paceOf(replayed, options);
    if (options.json) {
      out(`${JSON.stringify(answer(replayed, pace))}\n`);
      return;
    }
    out(printComparison(replayed));
    if (options.serve) {
      await serveReplayed(context, replayed, options.port, stop);
      return;
    }
    if (!isPlayed || stop.aborted) return;
    out('\n');
    const { fillingOf } = await import('../replay/filling.ts');
    const { play } = await import('../replay/playback.ts');
    const { Terminal } = await import('./replay-terminal.ts');
    const steps = askProjected(replayed.paths, (source) => fillingOf(source, replayed.now));
    const stage = new Terminal(out, steps, stop);
    await play(replayed.derived.events, pace, stage).finally(() => stage.close());
  });
}

/** The page over what was projected: every question is asked as of the end of the history. */
function serveReplayed(
  context: Context,
  { paths, now }: Replayed,
  port: number | undefined,
  stop: AbortSignal,
): Promise<void> {
  const stopped = () =>
    new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve());
    });
  const tiers = { metrics: true, events: true, remote: [] };
  return serveUntil({ ...context, paths, tiers, now: () => now }, port, stopped, '?view=playback');
}

function answer({ asOf, now, bundle, difference, derived }: Replayed, { from, to }: Pace) {
  const identical = bundle ? difference === null : null;
  const events = derived.events.filter(({ at }) => at >= from && at <= to);
  return { now, as_of: asOf, identical, first_difference: difference, events };
}

function paceOf({ derived: { events } }: Replayed, { speed, step, from, to }: Options): Pace {
  const times = events.map(({ at }) => at);
  const first = times.reduce((least, at) => Math.min(least, at), times[0] ?? 0);
  const last = times.reduce((most, at) => Math.max(most, at), first);
  const bounds = { from: parseBound(from, last) ?? first, to: parseBound(to, last) ?? last };
  return { speed: step ? null : (speed ?? Math.max(1, (bounds.to - bounds.from) / WHOLE_MS)), ...bounds };
}

function printComparison({ bundle, derived, difference }: Replayed): string {
  if (!bundle) return `${derived.events.length} events; there is nothing to compare a recorded history with\n`;
  if (!difference)
    return `the same: ${derived.events.length} events, ${derived.failures.groups.length} groups of failures\n`;
  const { manifest } = bundle;
  const versions =
    manifest.version === version() ? '' : `  the bug report was written by ${manifest.version}; this is ${version()}\n`;
  return `different; the first difference:\n${printDifference(difference)}${versions}`;
}

function printDifference({ id, name, field, bundled, projected }: Difference): string {
  const told = (value: unknown) => {
    if (field !== null) return JSON.stringify(value);
    return value === null ? 'not told' : 'told';
  };
  return [
    `  ${name} ${id}${field === null ? '' : `, ${field}`}\n`,
    `  in the bug report: ${told(bundled)}\n`,
    `  projected anew:    ${told(projected)}\n`,
  ].join('');
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && Number.isFinite(speed)) return speed;
  throw usage(
    'speed_invalid',
    `${JSON.stringify(text)} is no speed.`,
    'a number above 0',
    text,
    'Write, for example, --speed 3600.',
  );
}

function noTerminal(): ProjectorError {
  return usage(
    'no_terminal',
    '--step needs a terminal.',
    'a terminal to read Enter from',
    'none',
    'Leave out --step, or write --speed.',
  );
}

function usage(code: string, message: string, expected: string, found: string, remedy: string): ProjectorError {
  return new ProjectorError({ code, message, expected, found, remedy }, EXIT.usage);
}
