import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { Association, Candidate, StepComparison } from '../../answers/why/comparison.ts';
import { ask, Refusal } from '../api.ts';
import { h } from '../dom.ts';
import { counted, percent, shortName } from '../format.ts';
import type { Shown } from '../view.ts';
import { type AskedFunnel, nameWords } from './asked.ts';
import { labelOf } from './steps.ts';

/**
 * What those who stopped at a step had more often than those who went on; never a cause. It fills once the answer comes, and stays
 * away at the last required step, where nobody stops.
 */
export function goesTogether(
  { filters, signal }: Shown,
  asked: AskedFunnel,
  number: number,
  { steps }: FunnelAnswer,
): HTMLElement | null {
  if (!steps.slice(number).some(({ optional }) => !optional)) return null;
  const section = h('section', { class: 'goes-together', 'aria-live': 'polite' });
  const query = asked.question === null ? filters : asked.query;
  const step = steps[number - 1]!;
  ask<StepComparison>(['why', 'funnel', ...nameWords(asked), String(number)], query, signal).then(
    (compared) => section.append(...told(compared, labelOf(step))),
    (error: unknown) => {
      if (!signal.aborted && !(error instanceof Refusal)) throw error;
    },
  );
  return section;
}

function told({ goes_together, too_few }: StepComparison, step: string): HTMLElement[] {
  const title = h('h4', {}, `What goes together with stopping at ${step}`);
  if (goes_together.length > 0) {
    const note = 'Those who stopped had it more often than those who went on. That does not make it the cause.';
    return [title, associations(goes_together), h('p', { class: 'quiet' }, note)];
  }
  const few = too_few.length === 0 ? '' : ` Of ${counted(too_few.length, 'other')} there are too few to say.`;
  return [title, h('p', { class: 'quiet' }, `Nothing beyond what chance may do.${few}`)];
}

function associations(found: readonly Association[]): HTMLElement {
  const head = ['goes together', 'of those who stopped', 'of those who went on', 'times as often', '95 % interval'];
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...head.map((name, index) => h('th', { scope: 'col', class: index === 0 ? null : 'number' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        ...found.map((one) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, nameOf(one)),
            h('td', { class: 'number' }, share(one.stopped)),
            h('td', { class: 'number' }, share(one.went_on)),
            h('td', { class: 'number' }, one.lift === null ? 'only they' : oneDigit(one.lift)),
            h('td', { class: 'number' }, intervalText(one.interval)),
          ),
        ),
      ),
    ),
  );
}

function nameOf({ what, dimensions }: Candidate): string {
  const reasons = Object.entries(dimensions).map(([name, value]) => ` ${name}=${value}`);
  return `${shortName(what)}${reasons.join('')}`;
}

function share({ with: having, of }: Candidate['stopped']): string {
  return `${having} of ${of}, ${percent(of === 0 ? null : having / of)}`;
}

function intervalText([low, high]: Association['interval']): string {
  return high === null ? `from ${oneDigit(low)}` : `${oneDigit(low)} to ${oneDigit(high)}`;
}

function oneDigit(value: number): string {
  return value.toFixed(1);
}
