import { Command, CommanderError } from 'commander';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import type { Answering } from '../serve/app.ts';
import type { Described } from '../serve/questions.ts';
import { activityCommand } from './activity.ts';
import type { Context } from './context.ts';
import { crashesCommand } from './crashes.ts';
import { describedBy } from './described.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { failuresCommand } from './failures.ts';
import { funnelCommand } from './funnel.ts';
import { gapsCommand } from './gaps.ts';
import { prCommand } from './pr.ts';
import { rejectedCommand } from './rejected.ts';
import { sessionCommand } from './session.ts';
import { statusCommand } from './status.ts';
import { stuckCommand } from './stuck.ts';
import { triggersCommand } from './triggers.ts';
import { usageCommand } from './usage.ts';
import { usageError } from './usage-error.ts';
import { whyCommand } from './why.ts';

/** The commands that answer questions. */
const COMMANDS = [
  ...[statusCommand, funnelCommand, failuresCommand, crashesCommand, stuckCommand, usageCommand, activityCommand],
  ...[eventsCommand, sessionCommand, prCommand, explainCommand, gapsCommand, rejectedCommand, exportCommand],
  ...[triggersCommand, whyCommand],
];

/** Nothing that writes, ends the process, asks another machine, or reads a file that is named. */
const LEFT_OUT = {
  commands: ['rejected', 'export', 'why', 'triggers', 'triggers install', 'triggers uninstall'],
  options: {
    any: ['json', 'csv', 'follow', 'engine', 'url', 'print-sql'],
    status: ['check', 'limit'],
    'export ledger': ['erase'],
    'export preview': ['sink'],
  },
  choices: { funnel: [...Object.keys(SHIPPED), 'onboarding'] },
};

function programOf(context: Context): Command {
  const program = new Command('ao-projector')
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const add of COMMANDS) add(program, () => context);
  return program;
}

/** The questions that the command line answers. */
export function describedQuestions(context: Context): Described[] {
  return describedBy(programOf(context), LEFT_OUT);
}

/** Answers as the command line does, with the very same words, in this process. */
export function answering(context: Context): Answering {
  return async (words) => {
    let text = '';
    const hear = (said: string) => {
      text += said;
    };
    const before = process.exitCode;
    try {
      await programOf({ ...context, out: hear, err: () => {}, readNamed: () => null }).parseAsync([...words], {
        from: 'user',
      });
      return text;
    } catch (error) {
      throw error instanceof CommanderError ? usageError(error, words) : error;
    } finally {
      // What a command says of itself by its exit code is no matter of whoever asks here.
      process.exitCode = before;
    }
  };
}
