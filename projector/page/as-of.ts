import { parseBound } from '../answers/bounds.ts';
import type { Answered } from './api.ts';
import { h } from './dom.ts';
import { counted, time } from './format.ts';

/** What an answer rests on, and notes on what it may lack. `since` is where it begins, as it was asked for. */
export function asOf({ as_of, now }: Answered, since: string | null): HTMLElement[] {
  const { change_log, telemetry, at, unexplained_gaps, pruned_before } = as_of;
  const from = parseBound(since ?? undefined, now);
  const newest = at === null ? [] : ['; newest fact ', time(at)];
  const lines = [h('p', {}, `as of change_log ${change_log}, telemetry ${telemetry}`, ...newest, '; now ', time(now))];
  if (unexplained_gaps > 0) {
    const gaps = `${counted(unexplained_gaps, 'gap')} in change_log ${unexplained_gaps === 1 ? 'is' : 'are'}`;
    const text = `${gaps} unexplained, so rows may be missing from this answer; see `;
    lines.push(h('p', { class: 'note' }, text, h('code', {}, 'ao-projector gaps')));
  }
  if (pruned_before !== null && (from === null || from < pruned_before)) {
    const pruned = ['Facts before ', time(pruned_before), ' are no longer kept; what only they told is missing'];
    lines.push(h('p', { class: 'note' }, ...pruned));
  }
  return lines;
}
