import { type Command, Option } from 'commander';
import { rounded } from '../answers/duration.ts';
import { projectTest } from '../answers/filter.ts';
import { invalid, type QuestionJson } from '../answers/funnel/question-json.ts';
import { Subjects } from '../answers/subjects.ts';
import {
  type Association,
  type Candidate,
  LEAST_ON_A_SIDE,
  LEAST_WITH,
  type StepComparison,
} from '../answers/why/comparison.ts';
import { type WhyAnswer, why } from '../answers/why/why.ts';
import { respond } from './asking.ts';
import type { Context } from './context.ts';
import { duration, percent, table } from './format.ts';
import { type FunnelOptions, questionOf, questionOptions } from './funnel-options.ts';
import { label, printAsOf } from './funnel-print.ts';

interface Options extends FunnelOptions {
  readonly project?: string;
}

export function whyCommand(program: Command, context: () => Context): void {
  const command = program
    .command('why')
    .description('which failures and waits go together with stopping at a step of a funnel');
  questionOptions(command.command('funnel'))
    .description('compares those who stopped at a step with those who went on')
    .argument(
      '<what...>',
      'name of the funnel, as of `funnel`, and a step, by its number or event; with --steps or --question the step',
    )
    .addOption(new Option('--project <id>', 'only attempts of this project'))
    .addHelpText(
      'after',
      '\nExample:\n  ao-projector why funnel session session.spawned --since 90d\n' +
        '  ao-projector why funnel 1 --steps "ao.pr.observed > ao.pr.merged" --within 7d',
    )
    .action((what: string[], options: Options) => whyAction(context(), what, options));
}

function whyAction(context: Context, what: readonly string[], options: Options): void {
  const words = (options.steps ?? options.question) === undefined ? 2 : 1;
  if (what.length !== words) {
    const expected = words === 2 ? 'the name of a funnel and a step' : 'a step, beside --steps or --question';
    throw invalid('the step', expected, `${what.length} words`);
  }
  const [step, name] = what.toReversed();
  const question = questionOf(context, name, options);
  const project = options.project ?? null;
  respond(
    context,
    options,
    (source) => why(source, question, step!, projectTest({ project }, new Subjects(source))),
    print,
  );
}

function print(answer: WhyAnswer): string {
  const { steps, order } = answer.question as QuestionJson;
  const named = (number: number) => {
    return order === 'any' ? `completed ${number}` : label({ events: steps[number - 1]!.events, optional: false });
  };
  const names = { step: named(answer.step), next: named(answer.next_step) };
  return [
    printComparison(answer, names),
    ...answer.breakdown.map((part) => `\n${part.value ?? 'unknown'}\n\n${printComparison(part, names)}`),
    printAsOf(answer),
  ].join('');
}

function printComparison(comparison: StepComparison, names: { readonly step: string; readonly next: string }): string {
  const { stopped, went_on, open, horizon_ms, compared } = comparison;
  return [
    `${stopped + went_on + open} reached ${names.step}: ${stopped} stopped there, `,
    `${went_on} went on to ${names.next}, ${open} may still do so.\n`,
    ...(horizon_ms === null
      ? ['Nobody went on whose time is over: there is nothing to compare.\n']
      : [
          `Compared is what befell ${compared.stopped} who stopped and ${compared.went_on} who went on later, `,
          `for the same times from there on, at most ${duration(horizon_ms)}.\n\n`,
          Math.min(compared.stopped, compared.went_on) < LEAST_ON_A_SIDE
            ? printTooFew(comparison)
            : printFound(comparison),
        ]),
  ].join('');
}

function printTooFew({ too_few }: StepComparison): string {
  const befell = too_few.length > 0 ? `\n${printCandidates('what befell them', too_few)}` : '';
  return `Too few to say anything: it takes ${LEAST_ON_A_SIDE} on each side.\n${befell}`;
}

function printFound({ goes_together, not_claimed, too_few }: StepComparison): string {
  return [
    goes_together.length > 0
      ? printAssociations('goes together with stopping', goes_together) + whatItMeans(goes_together[0]!)
      : 'Nothing goes together with stopping beyond what chance may do.\n',
    not_claimed.length > 0 ? `\n${printAssociations('may be chance, or rarer', not_claimed)}` : '',
    too_few.length > 0 ? `\n${printCandidates('too few to say', too_few)}${ENOUGH}` : '',
  ].join('');
}

const ENOUGH = `It takes ${LEAST_WITH} who had it and ${LEAST_WITH} who had not.\n`;

function whatItMeans({ lift }: Association): string {
  const often =
    lift === null ? ', and none of those who went on did' : ` ${rounded(lift)} times as often as those who went on`;
  return (
    `\nThose who stopped had the first of these${often}. It goes together with stopping.\n` +
    'Whether it is the cause this cannot tell: both may come of something else.\n'
  );
}

function printAssociations(head: string, associations: readonly Association[]): string {
  const rows = associations.map((one) => [
    ...cells(one),
    one.lift === null ? '-' : rounded(one.lift),
    `${rounded(one.interval[0])} to ${one.interval[1] === null ? '-' : rounded(one.interval[1])}`,
    probability(one.p_holm),
  ]);
  return table([head, 'stopped', '', 'went on', '', 'lift', '95 %', 'p'], rows, [1, 2, 3, 4, 5, 7]);
}

function printCandidates(head: string, candidates: readonly Candidate[]): string {
  return table([head, 'stopped', '', 'went on', ''], candidates.map(cells), [1, 2, 3, 4]);
}

const WHOSE: Readonly<Record<Candidate['subject_kind'], string>> = {
  ...{ session: '', pr: '', project: ' (of the project)', install: ' (of the install)', command: ' (of the install)' },
};

function cells({ what, subject_kind, dimensions, stopped, went_on }: Candidate): string[] {
  const reasons = Object.entries(dimensions).map(([name, value]) => ` ${name}=${value}`);
  return [
    `${what.replace(/^ao\./, '')}${reasons.join('')}${WHOSE[subject_kind]}`,
    ...[stopped, went_on].flatMap((side) => [
      `${side.with} of ${side.of}`,
      percent(side.of === 0 ? null : side.with / side.of),
    ]),
  ];
}

function probability(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}
