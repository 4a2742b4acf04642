import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { QuestionJson } from '../../answers/funnel/question-json.ts';
import type { StepAnswer } from '../../answers/funnel/tally.ts';
import { h } from '../dom.ts';
import { duration, percent, shortName } from '../format.ts';
import type { Route } from '../view.ts';

type StepJson = QuestionJson['steps'][number];

/** The names of a step's events, in short. */
export function labelOf({ events }: Pick<StepAnswer, 'events'>): string {
  return events.map(shortName).join(' or ');
}

/** How far they came, a step a row: each leads to those who reached it, and its number to the rows behind it. */
export function stepTable(answer: FunnelAnswer, name: string | null, { href, params }: Route): HTMLElement {
  const { steps } = answer;
  const asked = (answer.question as QuestionJson).steps;
  const chosen = Number(params.get('step'));
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  return h(
    'table',
    { class: 'steps' },
    h('caption', {}, ...legend()),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...HEAD.map(([title, kind]) => h(title ? 'th' : 'td', { scope: title ? 'col' : null, class: kind }, title)),
      ),
    ),
    h('tbody', {}, ...steps.map(row)),
  );

  function row(step: StepAnswer, index: number): HTMLElement {
    const number = index + 1;
    const isChosen = chosen === number;
    const subjects = `${href('funnel', { step: String(number) })}#reached-by`;
    const rows = name === null ? subjects : href('explain', { what: ['funnel', name, String(number)] });
    return h(
      'tr',
      { class: isChosen ? 'chosen' : null },
      h(
        'th',
        { scope: 'row' },
        h('a', { href: subjects, id: `step-${number}`, 'aria-current': isChosen ? 'true' : null }, labelOf(step)),
        ...conditions(asked[index], step),
      ),
      h('td', { class: 'bars' }, bar(step, most), inWords(step)),
      h('td', { class: 'number reached' }, h('a', { href: rows, title: whatNumberLeadsTo(name) }, step.reached)),
      cell('of first', percent(step.converted_from_first)),
      cell('of previous', percent(step.converted_from_previous)),
      cell('median', duration(step.median_ms)),
      cell('p90', duration(step.p90_ms)),
    );
  }
}

const HEAD: readonly (readonly [title: string, kind: string | null])[] = [
  ['step', null],
  ['', 'bars'],
  ['reached', 'number'],
  ['of first', 'number'],
  ['of previous', 'number'],
  ['median', 'number'],
  ['p90', 'number'],
];

function whatNumberLeadsTo(name: string | null): string {
  return name === null ? 'who reached it' : 'the rows behind this number';
}

function cell(label: string, text: string): HTMLElement {
  return h('td', { class: 'number', 'data-label': label }, text);
}

/** What an event needs to be this step, beside its name. */
function conditions(step: StepJson | undefined, { optional }: StepAnswer): HTMLElement[] {
  const where = Object.entries(step?.where ?? {}).map(([name, value]) => `${name} = ${[value].flat().join(' or ')}`);
  const gap = step?.gap_ms == null ? [] : [`within ${duration(step.gap_ms)} of the step before`];
  const all = [...(optional ? ['optional'] : []), ...where, ...gap];
  return all.length === 0 ? [] : [h('span', { class: 'conditions' }, all.join(', '))];
}

/** A bar as long as the step is reached: those who went on, those who may, and those who did not. */
function bar({ reached, open, dropped }: StepAnswer, most: number): HTMLElement {
  const parts: readonly (readonly [kind: string, count: number])[] = [
    ['on', reached - open - dropped],
    ['open', open],
    ['dropped', dropped],
  ];
  const drawn = h('div', { class: 'bar', 'aria-hidden': 'true' });
  for (const [kind, count] of parts) {
    if (count === 0) continue;
    const part = h('span', { class: kind });
    part.style.width = `${(count / most) * 100}%`;
    drawn.append(part);
  }
  return drawn;
}

function inWords({ open, dropped }: StepAnswer): HTMLElement {
  return h(
    'span',
    { class: 'standing' },
    open > 0 && h('span', {}, swatch('open'), `${open} open`),
    dropped > 0 && h('span', {}, swatch('dropped'), `${dropped} dropped`),
  );
}

function legend(): HTMLElement[] {
  return [
    h('span', {}, swatch('on'), 'went on or converted'),
    h('span', {}, swatch('open'), 'open: stand here and still have time'),
    h('span', {}, swatch('dropped'), 'dropped: stand here and have none left'),
  ];
}

function swatch(kind: string): HTMLElement {
  return h('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
}
