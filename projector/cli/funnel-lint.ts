import { Argument, type Command } from 'commander';
import { projectTest } from '../answers/filter.ts';
import { type Finding, type LintAnswer, lint } from '../answers/funnel/lint.ts';
import { Subjects } from '../answers/subjects.ts';
import { respond } from './asking.ts';
import type { Context } from './context.ts';
import { duration, table } from './format.ts';
import { type FunnelOptions, questionOf } from './funnel-options.ts';

interface Options extends FunnelOptions {
  readonly project?: string;
}

/** `funnel lint`, which has the options of `funnel`. */
export function lintCommand(funnel: Command, context: () => Context): void {
  funnel
    .command('lint')
    .description('what makes a funnel say less than it seems to: steps that nothing makes, a window that is too short')
    .addArgument(new Argument('[name]', 'as of funnel'))
    .usage('[options of funnel] [name]')
    .addHelpText('after', '\nExample:\n  ao-projector funnel lint --steps "ao.pr.observed > ao.pr.merged" --within 1h')
    .action((name: string | undefined, _: unknown, self: Command) => {
      lintAction(context(), name, self.optsWithGlobals() as Options);
    });
}

function lintAction(context: Context, name: string | undefined, options: Options): void {
  const question = questionOf(context, name, options);
  const { project } = options;
  respond(
    context,
    options,
    (source) => {
      return lint(source, question, projectTest({ project: project ?? null }, new Subjects(source)));
    },
    print,
  );
}

function print({ findings }: LintAnswer): string {
  if (findings.length === 0) return 'Nothing to warn of.\n';
  return table(
    ['part', 'finding'],
    findings.map((finding) => [finding.part, sentence(finding)]),
  );
}

function sentence(finding: Finding): string {
  switch (finding.problem) {
    case 'event_never_occurs':
      return `${finding.found.event} never occurs`;
    case 'value_never_occurs':
      return `${finding.found.value} never occurs; what occurs: ${finding.found.values.join(', ') || 'no known value'}`;
    case 'nothing_passes':
      return `none of ${finding.found.events} events has all of these values at once`;
    case 'exclusion_is_a_step':
      return `${finding.found.event} is step ${finding.found.step} too; it voids an attempt before it may be a step`;
    case 'window_too_short': {
      const { steps, median_ms } = finding.found;
      return `steps ${steps.join(' and ')} are ${duration(median_ms)} apart (median) where no window ends an attempt`;
    }
    case 'one_value':
      return `all attempts have one value: ${finding.found.value ?? 'unknown'}`;
  }
}
