import type { Command } from 'commander';
import type { Evidence } from '../../projections/evidence.ts';
import { type GapAnswer, type GapsAnswer, gaps } from '../answers/gaps.ts';
import { respond } from './asking.ts';
import { type Context, jsonOption, nowOption } from './context.ts';
import { table, time } from './format.ts';

/** So many rows of evidence are printed; `--json` has them all. */
const ROWS_SHOWN = 5;

export function gapsCommand(program: Command, context: () => Context): void {
  program
    .command('gaps')
    .description('which rows of change_log are missing, what became of them, and the rows that say so')
    .addOption(jsonOption())
    .addOption(nowOption())
    .addHelpText('after', '\nExample:\n  ao-projector gaps --json')
    .action((options: { json?: true; now?: number }) => {
      const present = context();
      respond(present, options, (source) => gaps(source, options.now ?? present.now()), print);
    });
}

/** How many gaps there are, and of which kinds, in one line. */
export function printGapKinds(found: readonly Pick<GapAnswer, 'kind'>[]): string {
  const kinds = [...new Set(found.map(({ kind }) => kind))].map((kind) => {
    return `${found.filter((gap) => gap.kind === kind).length} ${kind}`;
  });
  return found.length === 0 ? 'none' : `${found.length}: ${kinds.join(', ')}; see \`ao-projector gaps\``;
}

function print({ gaps: found }: GapsAnswer): string {
  if (found.length === 0) return 'No row is missing.\n';
  const rows = found.map(({ from, to, kind, last_at, next_at, why, evidence }) => [
    from === to ? String(from) : `${from} to ${to}`,
    kind,
    time(last_at),
    time(next_at),
    why,
    rowsOf(evidence),
  ]);
  return table(['change_log', 'kind', 'row before', 'row after', 'why', 'rows that say so'], rows);
}

function rowsOf(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, ROWS_SHOWN).map(({ stream, position }) => `${stream} ${position}`);
  const more = evidence.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
