import { h } from './dom.ts';
import { dayOf } from './figures.ts';
import { bars, COUNTS, colourOf, plot } from './plot.ts';
import { heading, named, number, numbered, tableOf } from './tables.ts';

export interface Series {
  readonly label: string;
  /** One count for each interval. */
  readonly values: readonly number[];
  /** Drawn downwards from the ground; all others stand upon one another. */
  readonly isBelow?: boolean;
}

export interface Chart {
  readonly caption: string;
  readonly every: 'day' | 'week';
  /** When each interval begins; milliseconds UTC, one `every` apart. */
  readonly from: readonly number[];
  readonly series: readonly Series[];
}

/** Counts by day or week as columns, and the same numbers as a table. It is taken down when `signal` is aborted. */
export function chart(told: Chart, signal: AbortSignal): HTMLElement {
  const place = h('div', { class: 'drawing' });
  const legend = h('ul', { class: 'legend' });
  const pointed = h('p', { class: 'pointed' });
  const draw = () => {
    legend.replaceChildren(...told.series.map(({ label }, index) => h('li', {}, swatch(place, index), label)));
    return drawingOf(place, told);
  };
  plot(place, draw, (index) => pointed.replaceChildren(index === null ? '' : inWords(told, index)), signal);
  return h(
    'figure',
    { class: 'chart' },
    h('figcaption', {}, told.caption),
    h('div', { 'aria-hidden': 'true' }, h('div', { class: 'row' }, legend, pointed), place),
    h('details', {}, h('summary', {}, 'As a table'), numbers(told)),
  );
}

/** Above what is highest. */
const ROOM = 1.05;

const DAY_SECONDS = 86_400;

function drawingOf(place: HTMLElement, { every, from, series }: Chart) {
  const half = (every === 'day' ? DAY_SECONDS : 7 * DAY_SECONDS) / 2;
  const stacks = stacked(series);
  return {
    from,
    series: stacks.map(({ index }) => ({
      label: series[index]!.label,
      fill: patternOf(place, index),
      stroke: inkOf(place, index),
      width: 1,
      points: { show: false },
      paths: bars(0.8, 3),
    })),
    values: stacks.map(({ heights }) => heights),
    scales: {
      x: { range: (_: unknown, first: number, last: number): [number, number] => [first - half, last + half] },
      y: {
        range: (_: unknown, lowest: number, highest: number): [number, number] => {
          return [Math.min(0, lowest) * ROOM, Math.max(1, highest) * ROOM];
        },
      },
    },
    steps: COUNTS,
    said: (count: number) => String(Math.abs(count)),
  };
}

interface Stack {
  /** Of the series that is drawn. */
  readonly index: number;
  /** Null where there is nothing to draw. */
  readonly heights: readonly (number | null)[];
}

/** Each series upon those before it; the highest first, so that the lower ones are drawn over it. */
function stacked(series: readonly Series[]): Stack[] {
  const ground: number[] = [];
  const stacks = series.map(({ values, isBelow }, index) => {
    const heights = values.map((value, place) => {
      if (value === 0) return null;
      if (isBelow) return -value;
      ground[place] = (ground[place] ?? 0) + value;
      return ground[place];
    });
    return { index, heights };
  });
  return stacks.reverse();
}

function inkOf(place: HTMLElement, index: number): string {
  return colourOf(place, `--line-${(index % PATTERNS.length) + 1}`);
}

const TILE = 8;

/** Series are told apart by their pattern as well as by their colour; patterns cover what is behind them. */
function patternOf(place: HTMLElement, index: number): CanvasPattern {
  const tile = h('canvas', { width: TILE, height: TILE });
  const context = tile.getContext('2d')!;
  context.fillStyle = colourOf(place, '--paper');
  context.fillRect(0, 0, TILE, TILE);
  context.strokeStyle = inkOf(place, index);
  context.fillStyle = inkOf(place, index);
  context.lineWidth = 2;
  PATTERNS[index % PATTERNS.length]!(context);
  return context.createPattern(tile, 'repeat')!;
}

const PATTERNS: readonly ((context: CanvasRenderingContext2D) => void)[] = [
  (context) => context.fillRect(0, 0, TILE, TILE),
  (context) => {
    for (const shift of [-TILE, 0, TILE]) strokeLine(context, [shift, TILE], [shift + TILE, 0]);
  },
  (context) => {
    for (const place of [1, 5]) context.fillRect(place, place, 3, 3);
  },
  (context) => strokeLine(context, [0, TILE / 2], [TILE, TILE / 2]),
];

type Point = readonly [x: number, y: number];

function strokeLine(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

const SWATCH = 14;

/** What the columns of a series look like. */
function swatch(place: HTMLElement, index: number): HTMLElement {
  const drawn = h('canvas', { width: SWATCH, height: SWATCH });
  const context = drawn.getContext('2d')!;
  context.fillStyle = patternOf(place, index);
  context.fillRect(0, 0, SWATCH, SWATCH);
  context.strokeStyle = inkOf(place, index);
  context.strokeRect(0.5, 0.5, SWATCH - 1, SWATCH - 1);
  return drawn;
}

function inWords({ from, series }: Chart, index: number): string {
  return `${dayOf(from[index]!)}: ${series.map(({ label, values }) => `${label} ${values[index]}`).join(', ')}`;
}

function numbers({ caption, every, from, series }: Chart): HTMLElement {
  const rows = from.map((ms, index) =>
    h('tr', {}, heading(dayOf(ms)), ...series.map(({ values }) => number(values[index]!))),
  );
  const head = [named(every === 'day' ? 'day' : 'week of'), ...series.map(({ label }) => numbered(label))];
  return tableOf('numbers', caption, head, rows);
}
