import { ProjectorError } from '../../errors.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import { describe } from '../funnel/question-json.ts';
import { compileFunnel } from './compile.ts';

/** What a server tells of a funnel: how many subjects came how far. */
export interface ServerFunnelAnswer {
  readonly engine: 'clickhouse';
  readonly question: object;
  readonly now: number;
  /** The positions are those of whoever filled the table. */
  readonly as_of: null;
  readonly steps: readonly {
    readonly events: readonly string[];
    readonly reached: number;
    readonly converted_from_first: number | null;
    readonly converted_from_previous: number | null;
  }[];
}

/** Answers a funnel question from the event table of a ClickHouse server. */
export async function askServer(url: string, question: FunnelQuestion): Promise<ServerFunnelAnswer> {
  const [row = {}] = await queryServer<Record<string, number | string>>(url, compileFunnel(question));
  const reached = question.steps.map((_, index) => Number(row[`step_${index + 1}`] ?? 0));
  return {
    engine: 'clickhouse',
    question: describe(question),
    now: question.now,
    as_of: null,
    steps: question.steps.map(({ events }, index) => ({
      events: events.map(({ name }) => name),
      reached: reached[index]!,
      converted_from_first: ratio(reached[index]!, reached[0]!),
      converted_from_previous: index === 0 ? null : ratio(reached[index]!, reached[index - 1]!),
    })),
  };
}

/** Rows of a query to a server, as objects. */
export async function queryServer<T>(url: string, query: string): Promise<T[]> {
  // Loaded here, for other commands do without it.
  const { ClickHouseLogLevel, createClient } = await import('@clickhouse/client');
  try {
    const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
    try {
      const result = await client.query({ query, format: 'JSONEachRow' });
      return await result.json<T>();
    } finally {
      await client.close();
    }
  } catch (error) {
    throw noAnswer(new URL(url).host, error as Error);
  }
}

function noAnswer(host: string, { message }: Error): ProjectorError {
  return new ProjectorError({
    code: 'server_failed',
    message: `The ClickHouse server at ${host} did not answer.`,
    expected: 'a server of version 21.3 or newer with the event table, as docs/clickhouse.md says',
    found: message.trim() || 'no connection',
    remedy: 'See that the server runs at --url, that its user may read, and that the table is there and filled.',
  });
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
