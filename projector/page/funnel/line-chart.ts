import type UPlot from 'uplot';
import { h } from '../dom.ts';

/** The script of the library stands on the page before this one. */
declare const uPlot: typeof UPlot;

export interface Line {
  readonly label: string;
  /** One for each interval; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface Told {
  /** When each interval begins; milliseconds UTC. */
  readonly from: readonly number[];
  readonly lines: readonly Line[];
  /** A value as it is said. */
  readonly said: (value: number) => string;
}

const SECOND_MS = 1_000;
const HEIGHT_REM = 16;

/** Lines are told apart by their dashes as well as by their colour. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [16, 5]];
const COLOURS = 6;

/** Of more intervals the points would hide the lines. */
const MOST_POINTS = 40;

/** Values by interval as lines, with the same numbers as a table. It is taken down when `signal` is aborted. */
export function lineChart(told: Told, signal: AbortSignal): HTMLElement {
  const place = h('div', { class: 'lines' });
  const legend = h('ul', { class: 'legend' });
  let plot: UPlot | null = null;
  const draw = () => {
    plot?.destroy();
    legend.replaceChildren(...told.lines.map((line, index) => named(line, index, place)));
    plot = plotIn(place, told, (at) => sayValues(legend, told, at));
  };
  const resized = new ResizeObserver(() => {
    if (place.clientWidth === 0) return;
    if (plot) plot.setSize({ width: place.clientWidth, height: plot.height });
    else draw();
  });
  resized.observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  signal.addEventListener('abort', () => resized.disconnect());
  return h(
    'figure',
    {},
    h('div', { 'aria-hidden': 'true' }, legend, place),
    h('details', {}, h('summary', {}, 'As a table'), h('div', { class: 'scroll' }, numbers(told))),
  );
}

function plotIn(place: HTMLElement, { from, lines, said }: Told, point: (at: number | null) => void): UPlot {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(rem * 0.8)}px ${getComputedStyle(place).fontFamily}`;
  const grid = { stroke: colourOf(place, '--line'), width: 1 };
  const axis = { stroke: colourOf(place, '--quiet'), font, grid, ticks: grid };
  const isWhole = lines.every(({ values }) => values.every(Number.isInteger));
  const options: UPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT_REM * rem,
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND_MS), 'Etc/UTC'),
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, Math.max(most, Number.EPSILON) * 1.05] } },
    axes: [
      { ...axis, values: (_, days) => days.map((day) => dayOf(day * SECOND_MS).slice(5)), space: rem * 4 },
      {
        ...axis,
        size: rem * 3.5,
        incrs: isWhole ? COUNTS : SHARES,
        values: (_, values) => values.map(said),
      },
    ],
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label,
        ...strokeOf(place, index),
        width: rem / 8,
        points: { show: from.length < MOST_POINTS, fill: colourOf(place, '--paper') },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
  };
  const data = [from.map((ms) => ms / SECOND_MS), ...lines.map(({ values }) => [...values])];
  return new uPlot(options, data as UPlot.AlignedData, place);
}

function strokeOf(place: HTMLElement, index: number): { readonly stroke: string; readonly dash: number[] } {
  const stroke = colourOf(place, `--line-${(index % COLOURS) + 1}`);
  return { stroke, dash: [...DASHES[index % DASHES.length]!] };
}

const SAMPLE = { width: 36, height: 10 };

/** The name of a line beside what it looks like. */
function named({ label }: Line, index: number, place: HTMLElement): HTMLElement {
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

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
const COUNTS = [1, 10, 100, 1_000, 10_000, 100_000].flatMap((power) => [power, 2 * power, 5 * power]);

/** What a custom property means now, light or dark. */
function colourOf(place: HTMLElement, property: string): string {
  const probe = h('span', {});
  probe.style.color = `var(${property})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function numbers({ from, lines, said }: Told): HTMLElement {
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'from'),
        ...lines.map(({ label }) => h('th', { scope: 'col', class: 'number' }, label)),
      ),
    ),
    h(
      'tbody',
      {},
      ...from.map((ms, index) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, dayOf(ms)),
          ...lines.map(({ values }) => {
            const value = values[index] ?? null;
            return h('td', { class: 'number' }, value === null ? '-' : said(value));
          }),
        ),
      ),
    ),
  );
}
