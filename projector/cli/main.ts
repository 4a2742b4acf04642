#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, ProjectorError } from '../errors.ts';
import { keepHeapSmall } from '../pipeline/small-heap.ts';
import { explainStoreError } from '../store/analytics.ts';
import { packagePath, pathsOf } from '../store/paths.ts';
import { activityCommand } from './activity.ts';
import { bugReportCommand } from './bug-report.ts';
import { processContext } from './context.ts';
import { crashesCommand } from './crashes.ts';
import { demoCommand } from './demo.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { failuresCommand } from './failures.ts';
import { forgetCommand } from './forget.ts';
import { funnelCommand } from './funnel.ts';
import { gapsCommand } from './gaps.ts';
import { prCommand } from './pr.ts';
import { rebuildCommand } from './rebuild.ts';
import { rejectedCommand } from './rejected.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { serveCommand } from './serve.ts';
import { sessionCommand } from './session.ts';
import { statusCommand } from './status.ts';
import { stuckCommand } from './stuck.ts';
import { triggersCommand } from './triggers.ts';
import { usageCommand } from './usage.ts';
import { usageError } from './usage-error.ts';
import { verifyCommand } from './verify.ts';
import { whyCommand } from './why.ts';

keepHeapSmall();
// What is kept here is for its owner alone.
process.umask(0o077);

const { version, description } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as Record<
  string,
  string
>;

const program = new Command('ao-projector')
  .description(description!)
  .version(version!)
  .exitOverride()
  .configureOutput({ outputError: () => {} })
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 usage, 3 another instance is running.');
for (const add of [
  runCommand,
  rebuildCommand,
  verifyCommand,
  statusCommand,
  funnelCommand,
  failuresCommand,
  crashesCommand,
  stuckCommand,
  usageCommand,
  activityCommand,
  eventsCommand,
  sessionCommand,
  prCommand,
  explainCommand,
  whyCommand,
  gapsCommand,
  rejectedCommand,
  triggersCommand,
  serveCommand,
  exportCommand,
  bugReportCommand,
  replayCommand,
  forgetCommand,
  demoCommand,
]) {
  add(program, processContext);
}

// Whoever reads may stop reading: `events | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, process.argv.includes('--json'));
}

/** Says what went wrong on stderr, and returns the exit code. */
function report(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  // No command at all: the help says it.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
  const explained =
    error instanceof CommanderError
      ? usageError(error, process.argv.slice(2))
      : explainStoreError(pathsOf(process.env), error);
  if (!(explained instanceof ProjectorError)) throw error;
  const { code, message, expected, found, remedy, exitCode } = explained;
  if (asJson) process.stderr.write(`${JSON.stringify({ error: { code, message, expected, found, remedy } })}\n`);
  else process.stderr.write(`${message}\n  expected: ${expected}\n  found: ${found}\n  what to do: ${remedy}\n`);
  return exitCode;
}
