import { type Command, Option } from 'commander';
import { compileFunnel } from '../answers/clickhouse/compile.ts';
import { askServer, type ServerFunnelAnswer } from '../answers/clickhouse/server.ts';
import type { FunnelQuestion } from '../answers/funnel/question.ts';
import { invalid } from '../answers/funnel/question-json.ts';
import type { Context } from './context.ts';
import { bar, percent, table } from './format.ts';
import { label } from './funnel-print.ts';

export interface ClickHouseOptions {
  readonly printSql?: true;
  readonly engine?: 'clickhouse';
  readonly url?: string;
}

export function clickHouseOptions(command: Command): Command {
  return command
    .addOption(new Option('--print-sql', 'print the question as ClickHouse SQL over the event table'))
    .addOption(new Option('--engine <engine>', 'ask a server instead').choices(['clickhouse']))
    .addOption(new Option('--url <url>', 'of that server, e.g. http://localhost:8123'));
}

/** Options that ask for what is answered from our own file alone. */
const OURS_ALONE = ['csv', 'subjects', 'project', 'semantics', 'mode'] as const;

type Options = ClickHouseOptions &
  Readonly<Partial<Record<(typeof OURS_ALONE)[number], unknown>>> & { readonly json?: true };

/** Whether a server is asked, or what it would be asked. */
export function concernsClickHouse({ printSql, engine, url }: ClickHouseOptions): boolean {
  return printSql === true || engine !== undefined || url !== undefined;
}

/** Prints the SQL of a question, or what a server answers to it. */
export async function clickHouseAction({ out }: Context, question: FunnelQuestion, options: Options): Promise<void> {
  const { printSql, engine, url, json } = options;
  if (!printSql && !engine) throw invalid('--url', '--engine clickhouse beside it', 'our own engine');
  const flag = printSql ? '--print-sql' : '--engine';
  const ours = OURS_ALONE.find((name) => options[name] !== undefined);
  if (ours)
    throw invalid(flag, 'a question that is answered with counts by step, of all projects, by our rules', `--${ours}`);
  if (printSql) {
    out(`${compileFunnel(question)}\n`);
    return;
  }
  if (url === undefined || !URL.canParse(url)) throw invalid('--url', 'the address of a server', url ?? 'nothing');
  const answer = await askServer(url, question);
  out(json ? `${JSON.stringify(answer)}\n` : printServerFunnel(answer));
}

const BAR_WIDTH = 20;

function printServerFunnel({ steps }: ServerFunnelAnswer): string {
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  const rows = steps.map((step) => [
    label({ ...step, optional: false }),
    String(step.reached),
    bar(step.reached / most, BAR_WIDTH),
    percent(step.converted_from_first),
    percent(step.converted_from_previous),
  ]);
  return table(['step', 'reached', '', 'of first', 'of previous'], rows, [1, 3, 4]);
}
