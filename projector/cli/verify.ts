import { constants, setPriority } from 'node:os';
import type { Command } from 'commander';
import { explaining } from '../answers/explain/explaining.ts';
import type { ExplainedRow } from '../answers/explain/rows.ts';
import { Source } from '../answers/source.ts';
import { EXIT } from '../errors.ts';
import type { Compared } from '../pipeline/verify.ts';
import { openAnalytics } from '../store/analytics.ts';
import { causesOfRow } from '../store/derived/causes-of-row.ts';
import type { Difference } from '../store/derived/compare.ts';
import { rememberVerification } from '../store/verifications.ts';
import { comparison } from './comparison.ts';
import { type Context, jsonOption, maySwitchOn } from './context.ts';
import { printDifference } from './differences.ts';

/** The first row that differs, with the facts that made it. */
interface ExplainedDifference extends Difference {
  readonly facts: readonly ExplainedRow[];
}

export function verifyCommand(program: Command, context: () => Context): void {
  program
    .command('verify')
    .description('rebuild into a scratch file and compare every derived table with it; may run beside `run`')
    .addOption(jsonOption())
    .addHelpText('after', '\nExits with 1 where a row differs.\n\nExample:\n  ao-projector verify')
    .action(({ json }: { json?: true }) => verifyAction(context(), json === true));
}

async function verifyAction(context: Context, json: boolean): Promise<void> {
  if (!maySwitchOn(context)) return;
  // Nobody waits for it, so it lets whoever works go first.
  setPriority(constants.priority.PRIORITY_LOW);
  const { paths, tiers, now, out } = context;
  const analytics = openAnalytics(paths, now());
  try {
    // Fails at once, and with what to do, where there is nothing of this version to verify.
    Source.open(paths, tiers).close();
    const { positions, tables, changes } = await comparison(context, analytics);
    const first = changes[0]?.examples[0] ?? null;
    const difference = first && explained(context, first);
    const identical = first === null;
    rememberVerification(analytics, { at: now(), ...positions, identical }, difference);
    if (json) out(`${JSON.stringify({ identical, positions, tables, first_difference: difference })}\n`);
    else out(difference ? printFirst(difference) : `identical: ${tables.length} tables, ${rows(tables)} rows\n`);
    out(json ? '' : `at change_log ${positions.change_log}, telemetry ${positions.telemetry}\n`);
    if (!identical) process.exitCode = EXIT.failed;
  } finally {
    analytics.close();
  }
}

function explained({ paths, tiers }: Context, difference: Difference): ExplainedDifference {
  const source = Source.open(paths, tiers);
  try {
    const facts = explaining(paths, source, (explain) =>
      causesOfRow(difference).map((cause) => explain.rows.read(cause)),
    );
    return { ...difference, facts };
  } finally {
    source.close();
  }
}

function printFirst({ facts, ...difference }: ExplainedDifference): string {
  const made = facts.map(
    ({ stream, position, kind, role }) => `  ${role}: ${stream} ${position}${kind ? ` (${kind})` : ''}\n`,
  );
  return `different; the first row that differs:\n${printDifference(difference)}${made.join('')}`;
}

function rows(tables: Compared['tables']): number {
  return tables.reduce((sum, table) => sum + table.rows, 0);
}
