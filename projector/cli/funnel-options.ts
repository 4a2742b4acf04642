import { type Command, Option } from 'commander';
import { parseBound, parseSpan } from '../answers/bounds.ts';
import { DIMENSIONS, type Dimension } from '../answers/filter.ts';
import { DEFAULTS, ENTRIES, FUNNEL_SUBJECTS, type FunnelQuestion, ORDERS } from '../answers/funnel/question.ts';
import { describe, invalid, parseQuestion, type QuestionJson } from '../answers/funnel/question-json.ts';
import { parseExclusion, parseSteps } from '../answers/funnel/question-text.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import { INTERVALS, type Interval } from '../answers/intervals.ts';
import { type Context, jsonOption, nowOption, sinceOption } from './context.ts';

export interface FunnelOptions {
  readonly steps?: string;
  readonly question?: string;
  readonly subject?: FunnelQuestion['subject'];
  readonly within?: string;
  readonly gap?: string;
  readonly order?: FunnelQuestion['order'];
  readonly exclude?: readonly string[];
  readonly entry?: FunnelQuestion['entry'];
  readonly by?: Dimension;
  readonly attribute?: string;
  readonly top?: string;
  readonly interval?: Interval;
  readonly since?: string;
  readonly until?: string;
  readonly now?: number;
  readonly json?: true;
}

/** Adds what makes a question up, or changes one that ships or stands in a file. */
export function questionOptions(command: Command): Command {
  return command
    .addOption(new Option('--steps <steps>', 'steps in order: "EVENT > EVENT{harness=codex} > EVENT? > EVENT | EVENT"'))
    .addOption(new Option('--question <json>', 'a question in JSON, as a file would hold it').conflicts('steps'))
    .addOption(
      new Option('--subject <kind>', 'whose funnel it is (default: told by the steps)').choices(FUNNEL_SUBJECTS),
    )
    .addOption(new Option('--within <span>', 'how long an attempt may take, e.g. 7d'))
    .addOption(new Option('--gap <span>', 'how long a step may come after the required step before it, e.g. 2d'))
    .addOption(new Option('--order <order>', 'how steps follow one another').choices(ORDERS))
    .addOption(new Option('--exclude <event...>', 'events that void an attempt, e.g. ao.spawn.failed@1-2'))
    .addOption(new Option('--entry <which>', 'one attempt a subject, or every one').choices(ENTRIES))
    .addOption(new Option('--by <dimension>', 'break down by a dimension').choices(DIMENSIONS))
    .addOption(new Option('--attribute <event>', 'whose value counts: first, last, or the number of a step'))
    .addOption(new Option('--top <n>', 'so many values, the others together'))
    .addOption(new Option('--interval <interval>', 'trend by the interval of the entry').choices(INTERVALS))
    .addOption(sinceOption('attempts entered'))
    .addOption(new Option('--until <time>', 'only attempts entered at or before this time'))
    .addOption(jsonOption())
    .addOption(nowOption());
}

/** The question that a name, a JSON file, `--question` or `--steps` asks, with what the other options change. */
export function questionOf(
  { readNamed, now: clock }: Pick<Context, 'readNamed' | 'now'>,
  name: string | undefined,
  options: FunnelOptions,
): FunnelQuestion {
  const now = options.now ?? clock();
  const base = baseOf(name, options, now, readNamed);
  const { order, entry, by, interval, subject } = options;
  const gap = options.gap === undefined ? undefined : parseSpan(options.gap);
  const steps = base.steps.map((step, index) => (gap === undefined || index === 0 ? step : { ...step, gap_ms: gap }));
  const asked: QuestionJson = {
    ...base,
    ...{ steps, order: order ?? base.order, entry: entry ?? base.entry, by: by ?? base.by },
    ...{ interval: interval ?? base.interval, subject: subject ?? base.subject },
    window_ms: options.within === undefined ? base.window_ms : parseSpan(options.within),
    exclude: options.exclude?.map(parseExclusion) ?? base.exclude,
    attribute: options.attribute === undefined ? base.attribute : attributeOf(options.attribute),
    top: options.top === undefined ? base.top : Number(options.top),
    since: parseBound(options.since, now) ?? base.since,
    until: parseBound(options.until, now) ?? base.until,
  };
  return parseQuestion(asked, now);
}

function baseOf(
  name: string | undefined,
  { steps, question }: Pick<FunnelOptions, 'steps' | 'question'>,
  now: number,
  readNamed: Context['readNamed'],
): QuestionJson {
  const given = question === undefined ? '--steps' : '--question';
  if (name !== undefined && (steps ?? question) !== undefined) {
    throw invalid(given, `either a name or file, or ${given}`, `both ${name} and ${given}`);
  }
  if (question !== undefined) return parsed(question, given, now);
  if (steps !== undefined) {
    return {
      ...(describe({ ...DEFAULTS, name: null, subject: 'install', steps: [], now }) as QuestionJson),
      subject: null,
      steps: parseSteps(steps),
    };
  }
  if (name !== undefined && Object.hasOwn(SHIPPED, name)) {
    return describe({ ...SHIPPED[name as keyof typeof SHIPPED], now }) as QuestionJson;
  }
  if (name === 'onboarding') throw invalid('the name', 'steps in order; onboarding has milestones in any order', name);
  const known = `${Object.keys(SHIPPED).join(', ')}, onboarding, or a file with a question in JSON`;
  const text = name === undefined ? null : read(readNamed, name);
  if (text === null) throw invalid('the name', known, name ?? 'nothing');
  return parsed(text, name!, now);
}

function read(readNamed: Context['readNamed'], path: string): string | null {
  try {
    return readNamed(path);
  } catch (error) {
    throw invalid(path, 'a file that can be read', (error as Error).message);
  }
}

function parsed(text: string, where: string, now: number): QuestionJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(where, 'a question in JSON', (error as Error).message);
  }
  return describe(parseQuestion(json, now)) as QuestionJson;
}

function attributeOf(text: string): NonNullable<QuestionJson['attribute']> {
  return /^\d+$/.test(text) ? Number(text) : (text as 'first' | 'last');
}
