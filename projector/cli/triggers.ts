import type { Command } from 'commander';
import { install, planInstall, uninstall } from '../../triggers/install.ts';
import { readHost } from '../../triggers/read-host.ts';
import { holdBound } from '../../triggers/retention.ts';
import type { Verification } from '../../triggers/verify.ts';
import { writeHost } from '../../triggers/write-host.ts';
import { EXIT } from '../errors.ts';
import { HostDatabase } from '../host/host-database.ts';
import { runningDaemon } from '../host/run-file.ts';
import { type Context, jsonOption, maySwitchOn } from './context.ts';

interface Options {
  readonly dryRun?: true;
  readonly whileRunning?: true;
  readonly json?: true;
}

export function triggersCommand(program: Command, context: () => Context): void {
  const triggers = program
    .command('triggers')
    .description("add to the daemon's database what records facts that it does not log, and look after it")
    .addHelpText('after', '\nExample:\n  AO_TELEMETRY_EVENTS=on ao-projector triggers install --dry-run');
  triggers
    .command('install')
    .description('add the triggers, or bring them up to date')
    .option('--dry-run', 'print the SQL and change nothing')
    .option('--while-running', 'take the risk that a transaction of a running daemon fails once')
    .addHelpText('after', '\nExample:\n  AO_TELEMETRY_EVENTS=on ao-projector triggers install')
    .action((options: Options) => installAction(context(), options));
  triggers
    .command('uninstall')
    .description('remove the triggers, and nothing else')
    .option('--while-running', 'take the risk that a transaction of a running daemon fails once')
    .addHelpText('after', '\nExample:\n  ao-projector triggers uninstall')
    .action((options: Options) => uninstallAction(context(), options));
  triggers
    .command('verify')
    .description('compare what is installed with what should be')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ao-projector triggers verify --json')
    .action((options: Options) => verifyAction(context(), options));
}

const PREVIEW = '-- In one transaction, with a row in telemetry_event that marks the installation:\n\n';

function installAction(context: Context, { dryRun, whileRunning }: Options): void {
  if (!maySwitchOn(context)) return;
  const { paths, now, out, err } = context;
  const { schemaVersion } = lookAtHost(context);
  const { drop, create } = readHost(paths.host, (db) => planInstall(db, schemaVersion));
  if (dryRun) {
    const statements = [...drop, ...create].map((statement) => `${statement};\n\n`);
    out(statements.length > 0 ? `${PREVIEW}${statements.join('')}` : '-- Nothing to do.\n');
    return;
  }
  if (drop.length + create.length === 0) err('The triggers are installed already; nothing was changed.\n');
  else {
    const made = writeHost(paths.host, writing(context, whileRunning), (db) => install(db, schemaVersion, now()));
    err(`Installed ${made} triggers. \`ao-projector run\` and \`rebuild\` read what they record.\n`);
  }
  holdBound(paths.host);
}

function uninstallAction(context: Context, { whileRunning }: Options): void {
  const { paths, now, err } = context;
  const removed = writeHost(paths.host, writing(context, whileRunning), (db) => uninstall(db, now()));
  err(removed > 0 ? `Removed ${removed} triggers.\n` : 'There is no trigger of ours; nothing was changed.\n');
}

function verifyAction(context: Context, { json }: Options): void {
  const { paths, out } = context;
  const { verification: found } = lookAtHost(context);
  holdBound(paths.host);
  out(json ? `${JSON.stringify(found)}\n` : print(found));
  if (found.state !== 'ok' && found.state !== 'none') process.exitCode = EXIT.failed;
}

function lookAtHost({ paths }: Context): { schemaVersion: number | null; verification: Verification } {
  const host = HostDatabase.open(paths.host);
  try {
    return host.look(({ probe, triggers }) => ({ schemaVersion: probe.schemaVersion, verification: triggers }));
  } finally {
    host.close();
  }
}

function writing({ paths }: Context, whileRunning = false) {
  return { whileRunning, daemon: runningDaemon(paths.runFile) };
}

function print({ state, triggers }: Verification): string {
  if (state === 'none') return 'none: no trigger is installed. See `ao-projector triggers install --help`.\n';
  const lines = triggers.map(({ name, table, state: found }) => `${found.padEnd(10)}${name} on ${table}\n`);
  const remedy = state === 'ok' ? '' : 'Run `ao-projector triggers install` to bring them to what they should be.\n';
  return `${state}\n${lines.join('')}${remedy}`;
}
