import { Argument, type Command, Option } from 'commander';
import { projectTest } from '../answers/filter.ts';
import { ask, reachedBy } from '../answers/funnel/ask.ts';
import { onboarding } from '../answers/funnel/onboarding.ts';
import type { FunnelQuestion } from '../answers/funnel/question.ts';
import { invalid } from '../answers/funnel/question-json.ts';
import { scan } from '../answers/funnel/scan.ts';
import { notesOn } from '../answers/funnel/semantics/semantics.ts';
import { Source } from '../answers/source.ts';
import { Subjects } from '../answers/subjects.ts';
import { printLacks } from './asking.ts';
import type { Context } from './context.ts';
import {
  type ClickHouseOptions,
  clickHouseAction,
  clickHouseOptions,
  concernsClickHouse,
} from './funnel-clickhouse.ts';
import { compareCommand } from './funnel-compare.ts';
import { lintCommand } from './funnel-lint.ts';
import { type FunnelOptions, questionOf, questionOptions } from './funnel-options.ts';
import { funnelCsv, printFunnel, printMilestones, printReached } from './funnel-print.ts';
import { printNotes, type SemanticsOptions, semanticsIn, semanticsOptions, withOrder } from './funnel-semantics.ts';

interface Options extends FunnelOptions, SemanticsOptions, ClickHouseOptions {
  readonly csv?: true;
  readonly subjects?: string;
  readonly project?: string;
}

export function funnelCommand(program: Command, context: () => Context): void {
  const command = clickHouseOptions(semanticsOptions(questionOptions(program.command('funnel'))))
    .description('how far sessions, PRs or this install have come, step by step')
    .addArgument(
      new Argument('[name]', 'session, pr, review, attention, onboarding, or a file with a question in JSON'),
    )
    .addOption(new Option('--project <id>', 'only events of this project'))
    .addOption(new Option('--subjects <step>', 'list who reached a step, by its number'))
    .addOption(new Option('--csv', 'print the steps as CSV'))
    .addHelpText(
      'after',
      '\nExample:\n  ao-projector funnel session --by harness --since 30d\n' +
        '  ao-projector funnel --steps "ao.pr.observed > ao.pr.ci_passed? > ao.pr.merged" --within 7d --interval week',
    )
    .action((name: string | undefined, options: Options) => funnelAction(context(), name, options));
  lintCommand(command, context);
  compareCommand(command, context);
}

function funnelAction(context: Context, name: string | undefined, options: Options): Promise<void> | undefined {
  const { paths, tiers, out, err } = context;
  const now = options.now ?? context.now();
  const isOnboarding = name === 'onboarding' && options.steps === undefined;
  if (isOnboarding && (options.semantics || concernsClickHouse(options))) {
    throw invalid('the name', 'a funnel of steps, where other rules or another engine are asked for', 'onboarding');
  }
  const question = isOnboarding ? null : questionOf(context, name, withOrder(options));
  if (question && concernsClickHouse(options)) return clickHouseAction(context, question, options);
  const semantics = semanticsIn(options);
  const source = Source.open(paths, tiers);
  try {
    if (!question) {
      const answer = onboarding(source, now);
      out(options.json ? `${JSON.stringify(answer)}\n` : printMilestones(answer) + printLacks(source, null));
      return undefined;
    }
    const ofProject = projectTest({ project: options.project ?? null }, new Subjects(source));
    const rules = semantics?.scan ?? scan;
    const notes = semantics ? notesOn(semantics, question) : [];
    if (options.subjects !== undefined) {
      err(printNotes(notes));
      const reached = reachedBy(source, question, stepOf(question, options.subjects), ofProject, rules);
      if (options.json) for (const line of reached) out(`${JSON.stringify(line)}\n`);
      else out(printReached(question, [...reached]) + printLacks(source, question.since));
      return undefined;
    }
    const answer = ask(source, question, ofProject, rules);
    if (options.csv) {
      err(printNotes(notes) + printLacks(source, question.since));
      out(funnelCsv(answer));
    } else if (options.json) {
      const told = semantics && { semantics: { name: semantics.name, modes: options.mode ?? [], notes } };
      out(`${JSON.stringify({ ...answer, ...told })}\n`);
    } else out(printFunnel(answer, question.interval) + printNotes(notes) + printLacks(source, question.since));
    return undefined;
  } finally {
    source.close();
  }
}

function stepOf({ steps }: FunnelQuestion, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= steps.length) return number - 1;
  throw invalid('--subjects', `the number of a step, from 1 to ${steps.length}`, text);
}
