import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import { h } from '../dom.ts';
import { bar } from '../figures.ts';
import { counted, percent } from '../format.ts';
import { labelOf } from '../funnel/steps.ts';
import { drawn, heading, named, number, numbered, tableOf } from '../tables.ts';
import type { StepThen } from './filling.ts';

/** The steps of a funnel, which fill as it is played. */
export class Steps {
  readonly element: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #funnel: FunnelAnswer;

  constructor(funnel: FunnelAnswer) {
    this.#funnel = funnel;
    this.element = tableOf(
      'played',
      `How far ${counted(funnel.attempts, 'attempt')} had come`,
      [named('step'), drawn(), ...['reached', 'of first', 'of previous', 'no further yet'].map(numbered)],
      [],
    );
    this.#rows = this.element.querySelector('tbody')!;
  }

  show(then: readonly StepThen[]): void {
    const { steps, attempts } = this.#funnel;
    const last = steps.length - 1;
    const rows = steps.map(({ events, optional }, index) => {
      const { reached, standing } = then[index]!;
      const previous = steps.slice(0, index).findLastIndex((one) => !one.optional);
      const ofPrevious = previous < 0 ? null : share(reached, then[previous]!.reached);
      return h(
        'tr',
        {},
        heading(labelOf({ events }), ...(optional ? [h('span', { class: 'reason' }, 'optional')] : [])),
        drawn(bar(share(reached, attempts) ?? 0)),
        ...[String(reached), percent(share(reached, then[0]!.reached)), percent(ofPrevious)].map(number),
        number(index === last ? null : String(standing)),
      );
    });
    this.#rows.replaceChildren(...rows);
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
