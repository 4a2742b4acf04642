import { h } from '../dom.ts';
import { dayOf } from '../figures.ts';
import { COUNTS, colourOf, type Drawing, plot, rem } from '../plot.ts';
import { heading, named, number, numbered, tableOf } from '../tables.ts';

export interface Line {
  readonly label: string;
  /** One for each interval; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface Told {
  readonly caption: string;
  /** When each interval begins; milliseconds UTC. */
  readonly from: readonly number[];
  readonly lines: readonly Line[];
  /** A value as it is said. */
  readonly said: (value: number) => string;
}

/** Lines are told apart by their dashes as well as by their colour. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [16, 5]];
const COLOURS = 6;

/** Of more intervals the points would hide the lines. */
const MOST_POINTS = 40;

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];

/** Above what is highest. */
const ROOM = 1.05;

/** Values by interval as lines, with the same numbers as a table. It is taken down when `signal` is aborted. */
export function lineChart(told: Told, signal: AbortSignal): HTMLElement {
  const place = h('div', { class: 'lines' });
  const legend = h('ul', { class: 'legend' });
  const draw = () => {
    legend.replaceChildren(...told.lines.map((line, index) => sampled(line, index, place)));
    return drawingOf(place, told);
  };
  plot(place, draw, (index) => sayValues(legend, told, index), signal);
  return h(
    'figure',
    {},
    h('div', { 'aria-hidden': 'true' }, legend, place),
    h('details', {}, h('summary', {}, 'As a table'), numbers(told)),
  );
}

function drawingOf(place: HTMLElement, { from, lines, said }: Told): Drawing {
  const isWhole = lines.every(({ values }) => values.every(Number.isInteger));
  return {
    from,
    series: lines.map(({ label }, index) => ({
      label,
      ...strokeOf(place, index),
      width: rem() / 8,
      points: { show: from.length < MOST_POINTS, fill: colourOf(place, '--paper') },
    })),
    values: lines.map(({ values }) => values),
    scales: { y: { range: (_, __, most) => [0, Math.max(most, Number.EPSILON) * ROOM] } },
    steps: isWhole ? COUNTS : SHARES,
    said,
  };
}

function strokeOf(place: HTMLElement, index: number): { readonly stroke: string; readonly dash: number[] } {
  const stroke = colourOf(place, `--line-${(index % COLOURS) + 1}`);
  return { stroke, dash: [...DASHES[index % DASHES.length]!] };
}

const SAMPLE = { width: 36, height: 10 };

/** The name of a line beside what it looks like. */
function sampled({ label }: Line, index: number, place: HTMLElement): HTMLElement {
  const sample = h('canvas', SAMPLE);
  const context = sample.getContext('2d')!;
  const { stroke, dash } = strokeOf(place, index);
  context.strokeStyle = stroke;
  context.setLineDash(dash);
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(0, SAMPLE.height / 2);
  context.lineTo(SAMPLE.width, SAMPLE.height / 2);
  context.stroke();
  return h('li', {}, sample, label, h('strong', {}));
}

/** Beside each name the value that is pointed at. */
function sayValues(legend: HTMLElement, { lines, said }: Told, at: number | null): void {
  for (const [index, place] of [...legend.querySelectorAll('strong')].entries()) {
    const value = at === null ? null : (lines[index]!.values[at] ?? null);
    place.textContent = value === null ? '' : ` ${said(value)}`;
  }
}

function numbers({ caption, from, lines, said }: Told): HTMLElement {
  const rows = from.map((ms, index) => {
    const values = lines.map((line) => line.values[index] ?? null);
    return h('tr', {}, heading(dayOf(ms)), ...values.map((value) => number(value === null ? null : said(value))));
  });
  return tableOf('numbers', caption, [named('from'), ...lines.map(({ label }) => numbered(label))], rows);
}
