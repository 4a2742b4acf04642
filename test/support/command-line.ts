import { Command } from 'commander';
import { activityCommand } from '../../projector/cli/activity.ts';
import type { Context } from '../../projector/cli/context.ts';
import { crashesCommand } from '../../projector/cli/crashes.ts';
import { eventsCommand } from '../../projector/cli/events.ts';
import { explainCommand } from '../../projector/cli/explain.ts';
import { exportCommand } from '../../projector/cli/export.ts';
import { failuresCommand } from '../../projector/cli/failures.ts';
import { funnelCommand } from '../../projector/cli/funnel.ts';
import { gapsCommand } from '../../projector/cli/gaps.ts';
import { prCommand } from '../../projector/cli/pr.ts';
import { rejectedCommand } from '../../projector/cli/rejected.ts';
import { sessionCommand } from '../../projector/cli/session.ts';
import { statusCommand } from '../../projector/cli/status.ts';
import { stuckCommand } from '../../projector/cli/stuck.ts';
import { triggersCommand } from '../../projector/cli/triggers.ts';
import { usageCommand } from '../../projector/cli/usage.ts';
import { whyCommand } from '../../projector/cli/why.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import type { Tiers } from '../../projector/tiers.ts';
import { placesIn } from './processes.ts';

/** Every command that answers. */
const COMMANDS = [
  eventsCommand,
  failuresCommand,
  funnelCommand,
  statusCommand,
  stuckCommand,
  triggersCommand,
  activityCommand,
  crashesCommand,
  usageCommand,
  sessionCommand,
  prCommand,
  explainCommand,
  whyCommand,
  gapsCommand,
  rejectedCommand,
  exportCommand,
];

export const EVENTS_TIER: Tiers = { metrics: true, events: true, remote: [] };
export const METRICS_TIER: Tiers = { metrics: true, events: false, remote: [] };

/** What a command line answers about a data directory, asked in this process; the clock says `now`, in milliseconds. */
export function answerOf(dataDir: string, tiers: Tiers, now: number, words: readonly string[]): string {
  const { program, heard } = programOn(dataDir, tiers, now, {});
  program.parse([...words], { from: 'user' });
  return heard();
}

/** The same of a command that takes its time or asks the environment. */
export async function answerInTime(
  dataDir: string,
  tiers: Tiers,
  now: number,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { program, heard } = programOn(dataDir, tiers, now, env);
  await program.parseAsync([...words], { from: 'user' });
  return heard();
}

function programOn(dataDir: string, tiers: Tiers, now: number, env: Readonly<Record<string, string>>) {
  let answer = '';
  const hear = (text: string) => {
    answer += text;
  };
  const context: Context = {
    env,
    paths: pathsOf(placesIn(dataDir)),
    tiers,
    now: () => now,
    pid: process.pid,
    freeSpace: () => null,
    out: hear,
    err: hear,
    readNamed: () => null,
    isTerminal: false,
    write: (bytes) => hear(Buffer.from(bytes).toString('latin1')),
  };
  const program = new Command('ao-projector');
  for (const add of COMMANDS) add(program, () => context);
  return { program, heard: () => answer };
}
