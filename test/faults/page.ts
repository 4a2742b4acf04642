import { readFileSync, writeFileSync } from 'node:fs';
import { packagePath } from '../../projector/store/paths.ts';
import type { Tried } from './fault.ts';

const PAGE = packagePath('docs', 'faults.md');
const FROM = '<!-- table -->';
const TO = '<!-- end of table -->';

/** Writes what a campaign found between the marks of its page. */
export function writePage(campaign: readonly Tried[], { seed, seconds }: { seed: number; seconds: number }): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(FROM), page.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`Expected ${FROM} and ${TO} in ${PAGE}, found one or none of them`);
  const told = `Seed ${seed}, ${Math.ceil(seconds / 60)} minutes, Node ${process.version}, ${process.platform}.`;
  const table = `${FROM}\n${told}\n\n${tableOf(campaign)}\n`;
  writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to));
}

export function tableOf(campaign: readonly Tried[]): string {
  const rows = campaign.map(({ fault, times, found, unavailable, lost }) => {
    const outcomes = [...found].map(([outcome, count]) => `${outcome}: ${count}`);
    if (unavailable !== null) outcomes.push(`not tried here: ${unavailable}`);
    if (lost !== null) outcomes.push(`**not as expected**, ${lost.replaceAll('\n', ' ')}`);
    return [fault.name, times.toLocaleString('en'), fault.expected, outcomes.join('<br>')];
  });
  return [['fault', 'times', 'expected', 'found'], ['---', '--:', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
