import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ask } from '../answers/funnel/ask.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import { Source } from '../answers/source.ts';
import { status } from '../answers/status.ts';
import { pathsOf } from '../store/paths.ts';
import type { Context } from './context.ts';
import { printFunnel } from './funnel-print.ts';

const SECONDS = 8;
const RATE = 120;
const SHOW_EVERY_MS = 2_000;
const STOP_MS = 5_000;

export function demoCommand(program: Command, context: () => Context): void {
  program
    .command('demo')
    .description('run beside a small live daemon for a few seconds, and leave nothing behind')
    .addHelpText('after', '\nExample:\n  ao-projector demo')
    .action(() => demoAction(context()));
}

/** A model of the daemon writes a real database in a temporary folder, from a process of its own; a real `run` tails it. */
async function demoAction({ out }: Context): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ao-projector-demo-'));
  // What a model has made up is nothing to send anywhere, whatever is switched on.
  const on = { AO_TELEMETRY_METRICS: 'on', AO_TELEMETRY_EVENTS: 'on', AO_PROJECTOR_REMOTE: 'off' };
  // The clock of the model stands in one summer, however long ago that is by now.
  const env = { ...process.env, AO_DATA_DIR: dataDir, ...on, AO_PROJECTOR_RETENTION: '10000w' };
  const children: ChildProcess[] = [];
  try {
    out(
      `A daemon writes ${join(dataDir, 'ao.db')}, about ${RATE} transactions a second; ao-projector runs beside it.\n\n`,
    );
    const seeded = ['--seed', '7', '--version', '19', '--rate', String(RATE)];
    children.push(start('../../fixtures/daemon/process.js', ['--data-dir', dataDir, ...seeded], env));
    children.push(start('./main.js', ['run'], env));
    for (let shown = 0; shown < (SECONDS * 1_000) / SHOW_EVERY_MS; shown++) {
      await passed(SHOW_EVERY_MS);
      out(arrived(dataDir));
    }
    await Promise.all(children.map(stop));
    out('\nHow far did its sessions come?\n\n');
    out(sessionFunnel(dataDir));
  } finally {
    await Promise.all(children.map(stop));
    rmSync(dataDir, { recursive: true, force: true });
  }
  out('\nThe folder is gone again. Beside your own daemon: AO_TELEMETRY_EVENTS=on ao-projector run\n');
}

/** One line about the facts that have come in. */
function arrived(dataDir: string): string {
  const { streams, projections } = status(pathsOf({ AO_DATA_DIR: dataDir }), DEMO_TIERS, Date.now());
  if (!streams) return 'nothing derived yet\n';
  const events = projections.reduce((sum, { rows }) => sum + rows, 0);
  const { change_log, telemetry } = streams;
  return (
    `${String(change_log.position).padStart(6)} changes and ${String(telemetry.position).padStart(6)} telemetry facts read, ` +
    `${String(events).padStart(5)} events derived, ${change_log.lag_rows} rows behind\n`
  );
}

const DEMO_TIERS = { metrics: true, events: true, remote: [] };

function sessionFunnel(dataDir: string): string {
  const source = Source.open(pathsOf({ AO_DATA_DIR: dataDir }), DEMO_TIERS);
  try {
    const now = source.asOf().at ?? Date.now();
    return printFunnel(ask(source, { ...SHIPPED.session, since: null, until: null, by: 'harness', now }));
  } finally {
    source.close();
  }
}

function start(module: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const path = fileURLToPath(new URL(module, import.meta.url));
  return spawn(process.execPath, [path, ...args], { env, stdio: 'ignore' });
}

/** Asks a child to stop, and does not wait for ever. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(overdue);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
