import type UPlot from 'uplot';
import { h } from './dom.ts';
import { dayOf } from './figures.ts';
import { heading, named, number, numbered, tableOf } from './tables.ts';

/** The script of the library stands on the page before this one. */
declare const uPlot: typeof UPlot;

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

/** In the size of the page's letters. */
const HEIGHT_REM = 14;
const SECOND_MS = 1_000;

/**
 * Counts by day or week as columns, in the colours of the page, as wide as its place, with the same numbers as a table. It is
 * taken down when `signal` is aborted.
 */
export function chart(told: Chart, signal: AbortSignal): HTMLElement {
  const drawing = h('div', { class: 'drawing', 'aria-hidden': 'true' });
  const legend = h(
    'ul',
    { class: 'legend', 'aria-hidden': 'true' },
    ...told.series.map(({ label }) => h('li', {}, label)),
  );
  const said = h('p', { class: 'pointed', 'aria-hidden': 'true' });
  const figure = h(
    'figure',
    { class: 'chart' },
    h('figcaption', {}, told.caption),
    h('div', { class: 'row' }, legend, said),
    drawing,
    h('details', {}, h('summary', {}, 'The numbers as a table'), numbers(told)),
  );
  let plot: UPlot | null = null;
  const draw = () => {
    plot?.destroy();
    plot = plotIn(drawing, told, (text) => said.replaceChildren(text));
    swatches(legend, drawing, told);
  };
  const resized = new ResizeObserver(() => {
    if (drawing.clientWidth === 0) return;
    if (plot) plot.setSize({ width: drawing.clientWidth, height: HEIGHT_REM * remOf() });
    else draw();
  });
  resized.observe(drawing);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    plot?.destroy();
  });
  return figure;
}

function plotIn(place: HTMLElement, told: Chart, say: (text: string) => void): UPlot {
  const stacks = stacked(told.series);
  const from = told.from.map((ms) => ms / SECOND_MS);
  const rem = remOf();
  const line = colour(place, '--line');
  const quiet = colour(place, '--quiet');
  const axis: UPlot.Axis = {
    stroke: quiet,
    font: `${0.8 * rem}px ${getComputedStyle(place).fontFamily}`,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
  };
  const options: UPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT_REM * rem,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND_MS), 'Etc/UTC'),
    scales: {
      x: { time: true, range: (_, first, last) => [first - halfOf(told), last + halfOf(told)] },
      y: { range: (_, lowest, highest) => [Math.min(0, lowest) * ROOM, Math.max(1, highest) * ROOM] },
    },
    axes: [
      {
        ...axis,
        size: 2 * rem,
        grid: { show: false },
        splits: ({ width }) => labelled(from, width / rem),
        values: (_, seconds) => seconds.map((one) => dayOf(one * SECOND_MS).slice(5)),
      },
      { ...axis, incrs: WHOLE, size: 3 * rem, values: (_, counts) => counts.map((count) => String(Math.abs(count))) },
    ],
    series: [
      {},
      ...stacks.map(({ index }) => ({
        label: told.series[index]!.label,
        fill: patternOf(place, index),
        stroke: colour(place, `--series-${index + 1}`),
        width: 1,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.8, 3 * rem] }),
      })),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => say(idx == null ? '' : inWords(told, idx))] },
  };
  return new uPlot(options, [from, ...stacks.map(({ heights }) => heights)], place);
}

/** So wide is the name of a day, with room around it. */
const LABEL_REM = 4;

/** Above what is highest. */
const ROOM = 1.05;

/** Beginnings of intervals that have room for their names. */
function labelled(from: readonly number[], widthRem: number): number[] {
  const every = Math.ceil((from.length * LABEL_REM) / widthRem);
  return from.filter((_, index) => index % every === 0);
}

/** Counts are whole, and so are the steps of their axis. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000];

const DAY_SECONDS = 86_400;

/** Half of an interval, in seconds: so much room has the first column to its left. */
function halfOf({ every }: Chart): number {
  return (every === 'day' ? DAY_SECONDS : 7 * DAY_SECONDS) / 2;
}

interface Stack {
  /** Of the series that is drawn. */
  readonly index: number;
  /** Null where there is nothing to draw. */
  readonly heights: (number | null)[];
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

/** How large letters of the page are; pixels. */
function remOf(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** What a custom property means now, light or dark. */
function colour(place: HTMLElement, name: string): string {
  const probe = h('span', {});
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const TILE = 8;

/** Told apart by their pattern as well as by their colour; patterns cover what is behind them. */
function patternOf(place: HTMLElement, index: number): CanvasPattern {
  const tile = h('canvas', { width: TILE, height: TILE });
  const context = tile.getContext('2d')!;
  const ink = colour(place, `--series-${index + 1}`);
  context.fillStyle = index === 0 ? ink : colour(place, '--paper');
  context.fillRect(0, 0, TILE, TILE);
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 2;
  PATTERNS[index % PATTERNS.length]!(context);
  return context.createPattern(tile, 'repeat')!;
}

const PATTERNS: readonly ((context: CanvasRenderingContext2D) => void)[] = [
  () => {},
  (context) => {
    for (const shift of [-TILE, 0, TILE]) strokeLine(context, shift, TILE, shift + TILE, 0);
  },
  (context) => {
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ] as const)
      context.fillRect(x - 1, y - 1, 3, 3);
  },
  (context) => strokeLine(context, 0, TILE / 2, TILE, TILE / 2),
];

function strokeLine(
  context: CanvasRenderingContext2D,
  ...[fromX, fromY, toX, toY]: [number, number, number, number]
): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

const SWATCH = 14;

/** Puts before each name of the legend what its columns look like. */
function swatches(legend: HTMLElement, place: HTMLElement, { series }: Chart): void {
  const names = [...legend.children];
  for (const [index, { label }] of series.entries()) {
    const swatch = h('canvas', { width: SWATCH, height: SWATCH });
    const context = swatch.getContext('2d')!;
    context.fillStyle = patternOf(place, index);
    context.fillRect(0, 0, SWATCH, SWATCH);
    context.strokeStyle = colour(place, `--series-${index + 1}`);
    context.strokeRect(0.5, 0.5, SWATCH - 1, SWATCH - 1);
    names[index]!.replaceChildren(swatch, label);
  }
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
