import { svg } from '../svg.ts';
import type { Filling } from './filling.ts';
import { momentAt, PLACES, type Span } from './span.ts';

const COLUMNS = 125;
const HEIGHT = 40;

/** When steps of the funnel were reached, drawn along the slider: what is past stands out from what is to come. */
export class Strip {
  readonly element: SVGSVGElement;
  readonly #columns: readonly { readonly from: number; readonly drawn: SVGRectElement }[];

  constructor(filling: Filling, span: Span) {
    const counts = filling.spread(span.from, span.to, COLUMNS);
    const most = Math.max(1, ...counts);
    this.#columns = counts.map((count, index) => {
      const tall = count === 0 ? 0 : Math.max(3, (count / most) * HEIGHT);
      const drawn = svg('rect', { x: index + 0.1, width: 0.8, y: HEIGHT - tall, height: tall });
      return { from: momentAt(span, (index * PLACES) / COLUMNS), drawn };
    });
    this.element = svg(
      'svg',
      { class: 'strip', 'aria-hidden': 'true', viewBox: `0 0 ${COLUMNS} ${HEIGHT}`, preserveAspectRatio: 'none' },
      ...this.#columns.map(({ drawn }) => drawn),
    );
  }

  show(at: number): void {
    for (const { from, drawn } of this.#columns) drawn.setAttribute('class', from <= at ? 'past' : 'to-come');
  }
}
