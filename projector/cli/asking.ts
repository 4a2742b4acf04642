import { type Command, Option } from 'commander';
import { parseBound } from '../answers/bounds.ts';
import { DIMENSIONS, type Dimension, type Filter } from '../answers/filter.ts';
import { Source } from '../answers/source.ts';
import { type Context, jsonOption, nowOption, sinceOption } from './context.ts';
import { time } from './format.ts';

/** Options that every question has. */
export interface Asked {
  readonly json?: true;
  readonly now?: number;
  readonly since?: string;
  readonly until?: string;
  readonly project?: string;
  readonly by?: Dimension;
}

/** Adds the options of a question about `what`. */
export function askable(command: Command, what: string): Command {
  return command
    .addOption(sinceOption(what))
    .addOption(new Option('--until <time>', `only ${what} at or before this time`))
    .addOption(new Option('--project <id>', `only ${what} of this project`))
    .addOption(new Option('--by <dimension>', `count ${what} by a dimension`).choices(DIMENSIONS))
    .addOption(jsonOption())
    .addOption(nowOption());
}

/** What the options ask for. */
export function filterOf({ now: clock }: Context, { now: asked, since, until, project, by }: Asked): Filter {
  const now = asked ?? clock();
  return {
    since: parseBound(since, now),
    until: parseBound(until, now),
    project: project ?? null,
    by: by ?? null,
    now,
  };
}

/** Answers from the present derived tables: as JSON for programs, else as people read it. */
export function respond<T>(
  { paths, tiers, now: clock, out }: Context,
  { json, now, since }: Pick<Asked, 'json' | 'now' | 'since'>,
  ask: (source: Source) => T,
  print: (answer: T) => string,
): void {
  const source = Source.open(paths, tiers);
  try {
    const answer = ask(source);
    const from = parseBound(since, now ?? clock());
    out(json ? `${JSON.stringify(answer)}\n` : print(answer) + printLacks(source, from));
  } finally {
    source.close();
  }
}

/** Lines that say what an answer from a time on (null: from the beginning) may lack; none where it lacks nothing. */
export function printLacks(source: Source, since: number | null): string {
  return printUnexplained(source, since) + printPruned(source, since);
}

function printUnexplained(source: Source, since: number | null): string {
  const { unexplained_gaps: count } = source.asOf(since);
  if (count === 0) return '';
  const gaps = count === 1 ? '1 gap in change_log is' : `${count} gaps in change_log are`;
  return `note: ${gaps} unexplained, so rows may be missing from this answer; see \`ao-projector gaps\`\n`;
}

function printPruned({ prunedBefore }: Source, since: number | null): string {
  if (prunedBefore === null || (since !== null && since >= prunedBefore)) return '';
  return `note: facts before ${time(prunedBefore)} are no longer kept; what only they told is missing\n`;
}
