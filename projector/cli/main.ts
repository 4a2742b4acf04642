#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, ProjectorError } from '../errors.ts';
import { explainStoreError } from '../store/analytics.ts';
import { packagePath, pathsOf } from '../store/paths.ts';
import { processContext } from './context.ts';
import { demoCommand } from './demo.ts';
import { eventsCommand } from './events.ts';
import { funnelCommand } from './funnel.ts';
import { rebuildCommand } from './rebuild.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';

const { version, description } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as Record<
  string,
  string
>;

const program = new Command('ao-projector')
  .description(description!)
  .version(version!)
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 usage, 3 another instance is running.');
for (const add of [runCommand, rebuildCommand, statusCommand, funnelCommand, eventsCommand, demoCommand]) {
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
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const explained = explainStoreError(pathsOf(process.env), error);
  if (!(explained instanceof ProjectorError)) throw error;
  const { code, message, expected, found, remedy } = explained;
  if (asJson) process.stderr.write(`${JSON.stringify({ error: { code, message, expected, found, remedy } })}\n`);
  else process.stderr.write(`${message}\n  expected: ${expected}\n  found: ${found}\n  what to do: ${remedy}\n`);
  return explained.exitCode;
}
