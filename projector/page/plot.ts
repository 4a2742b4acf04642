import type UPlot from 'uplot';
import { h } from './dom.ts';
import { dayOf } from './figures.ts';

/** The script of the library stands on the page before this one. */
declare const uPlot: typeof UPlot;

/** What is drawn over intervals of time. */
export interface Drawing {
  /** When each interval begins; milliseconds UTC. */
  readonly from: readonly number[];
  readonly series: readonly UPlot.Series[];
  /** Of each series a value for each interval; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly scales: UPlot.Scales;
  /** Values that the marks of the axis may be apart. */
  readonly steps: readonly number[];
  readonly said: (value: number) => string;
}

const HEIGHT_REM = 15;

/** So wide is the name of a day, with room around it. */
const LABEL_REM = 4;

const SECOND_MS = 1_000;

/** Steps of an axis of counts, which are whole. */
export const COUNTS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].flatMap((one) => [one, 2 * one, 5 * one]);

/** Columns that take up a share of an interval, and at most so much. */
export function bars(share: number, mostRem: number): UPlot.Series.PathBuilder {
  return uPlot.paths.bars!({ size: [share, mostRem * rem()] });
}

/**
 * Draws into a place, as wide as that is and in the colours of the page: anew where light becomes dark. It is taken down when
 * `signal` is aborted.
 *
 * @param point is told the interval that is pointed at, or null
 */
export function plot(
  place: HTMLElement,
  drawing: () => Drawing,
  point: (index: number | null) => void,
  signal: AbortSignal,
): void {
  let drawn: UPlot | null = null;
  const draw = () => {
    drawn?.destroy();
    drawn = plotIn(place, drawing(), point);
  };
  const resized = new ResizeObserver(() => {
    if (place.clientWidth === 0) return;
    if (drawn) drawn.setSize({ width: place.clientWidth, height: HEIGHT_REM * rem() });
    else draw();
  });
  resized.observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    drawn?.destroy();
  });
}

/** What a custom property means now, light or dark. */
export function colourOf(place: HTMLElement, property: string): string {
  const probe = h('span', {});
  probe.style.color = `var(${property})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** How large letters of the page are; pixels. */
export function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function plotIn(place: HTMLElement, drawing: Drawing, point: (index: number | null) => void): UPlot {
  const { series, values, scales, steps, said } = drawing;
  const from = drawing.from.map((ms) => ms / SECOND_MS);
  const line = { stroke: colourOf(place, '--line'), width: 1 };
  const font = `${0.8 * rem()}px ${getComputedStyle(place).fontFamily}`;
  const axis: UPlot.Axis = { stroke: colourOf(place, '--quiet'), font, grid: line, ticks: line };
  const options: UPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT_REM * rem(),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND_MS), 'Etc/UTC'),
    scales,
    axes: [
      {
        ...axis,
        size: 2 * rem(),
        grid: { show: false },
        splits: ({ width }) => labelled(from, width / rem()),
        values: (_, seconds) => seconds.map((one) => dayOf(one * SECOND_MS).slice(5)),
      },
      { ...axis, size: 3.5 * rem(), incrs: [...steps], values: (_, some) => some.map(said) },
    ],
    series: [{}, ...series],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
  };
  return new uPlot(options, [from, ...values] as UPlot.AlignedData, place);
}

/** Beginnings of intervals that have room for their names. */
function labelled(from: readonly number[], widthRem: number): number[] {
  const every = Math.ceil((from.length * LABEL_REM) / widthRem);
  return from.filter((_, index) => index % every === 0);
}
