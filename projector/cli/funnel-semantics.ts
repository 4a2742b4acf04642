import { type Command, Option } from 'commander';
import { invalid } from '../answers/funnel/question-json.ts';
import { WINDOW_FUNNEL_MODES, type WindowFunnelMode } from '../answers/funnel/semantics/clickhouse.ts';
import { SEMANTICS, type Semantics, type SemanticsName, semanticsOf } from '../answers/funnel/semantics/semantics.ts';
import type { FunnelOptions } from './funnel-options.ts';

export interface ModeOption {
  readonly mode?: readonly WindowFunnelMode[];
}

export interface SemanticsOptions extends ModeOption {
  readonly semantics?: SemanticsName;
}

export const modeOption = () =>
  new Option('--mode <mode...>', 'modes of ClickHouse’s windowFunnel').choices(WINDOW_FUNNEL_MODES);

export function semanticsOptions(command: Command): Command {
  return command
    .addOption(new Option('--semantics <tool>', 'answer by the rules of another tool').choices(SEMANTICS))
    .addOption(modeOption());
}

/** The rules asked for; null for ours. */
export function semanticsIn({ semantics, mode }: SemanticsOptions): Semantics | null {
  if (mode && semantics !== 'clickhouse') {
    throw invalid('--mode', '--semantics clickhouse beside it', semantics ?? 'our own rules');
  }
  return semantics ? semanticsOf(semantics, mode) : null;
}

/** The mode `strict_order` is what this tool calls a strict order, and asks for the same events. */
export function withOrder<T extends FunnelOptions & ModeOption>(options: T): T {
  if (!options.mode?.includes('strict_order')) return options;
  const { order = 'strict' } = options;
  if (order !== 'strict') throw invalid('--order', 'strict, as --mode strict_order says', order);
  return { ...options, order };
}

export function printNotes(notes: readonly string[]): string {
  return notes.map((note) => `note: ${note}\n`).join('');
}
