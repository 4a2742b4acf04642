import { type Command, Option } from 'commander';
import { projectTest } from '../answers/filter.ts';
import { type Comparison, compare } from '../answers/funnel/semantics/compare.ts';
import { SEMANTICS, semanticsOf } from '../answers/funnel/semantics/semantics.ts';
import { Subjects } from '../answers/subjects.ts';
import { respond } from './asking.ts';
import type { Context } from './context.ts';
import { table } from './format.ts';
import { type FunnelOptions, questionOf, questionOptions } from './funnel-options.ts';
import { label, printAsOf } from './funnel-print.ts';
import { type ModeOption, modeOption, printNotes, withOrder } from './funnel-semantics.ts';

/** So many differing subjects people are shown; programs get all. */
const MOST_SUBJECTS = 20;

interface Options extends FunnelOptions, ModeOption {
  readonly project?: string;
}

export function compareCommand(funnel: Command, context: () => Context): void {
  questionOptions(funnel.command('compare'))
    .description(
      'the same question by our rules and by those of other tools, and the subjects that make the difference',
    )
    .argument('[name]', 'as of `funnel`')
    .addOption(new Option('--project <id>', 'only events of this project'))
    .addOption(modeOption())
    .addHelpText(
      'after',
      '\nExample:\n  ao-projector funnel compare --steps "ao.session.spawned > ao.pr.observed > ao.pr.merged" --within 7d',
    )
    .action((name: string | undefined, _: Options, self: Command) =>
      compareAction(context(), name, self.optsWithGlobals() as Options),
    );
}

function compareAction(context: Context, name: string | undefined, options: Options): void {
  const question = questionOf(context, name, withOrder(options));
  const others = SEMANTICS.map((tool) => semanticsOf(tool, options.mode));
  respond(
    context,
    options,
    (source) =>
      compare(source, question, others, projectTest({ project: options.project ?? null }, new Subjects(source))),
    printComparison,
  );
}

function printComparison(comparison: Comparison): string {
  const { steps, notes, differences } = comparison;
  const names = ['ours', ...SEMANTICS];
  const columns = names.map((_, index) => index + 1);
  const counts = steps.map((step) => [label(step), ...names.map((name) => String(step.reached[name] ?? '-'))]);
  const levels = differences
    .slice(0, MOST_SUBJECTS)
    .map(({ subject, raw, levels: of }) => [raw ?? subject.slice(0, 8), ...names.map((name) => String(of[name]))]);
  const more = differences.length - levels.length;
  return [
    table(['step', ...names], counts, columns),
    printNotes([...new Set(Object.values(notes).flat())]),
    differences.length === 0
      ? '\nThe rules agree on every subject.\n'
      : `\nThe step that a subject came to, where the rules part:\n\n${table(['subject', ...names], levels, columns)}`,
    more > 0 ? `and ${more} more; --json has all\n` : '',
    printAsOf(comparison),
  ].join('');
}
