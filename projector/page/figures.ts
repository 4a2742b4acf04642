import { h } from './dom.ts';
import { svg } from './svg.ts';

/** A part of a view, under a heading of its own; parts that need it are as wide as the view. */
export function part(title: string, ...children: readonly Node[]): HTMLElement {
  return h('section', { class: 'panel' }, h('h3', {}, title), ...children);
}

export function widePart(title: string, ...children: readonly Node[]): HTMLElement {
  const wide = part(title, ...children);
  wide.classList.add('wide');
  return wide;
}

/** A bar that is a share of its place. It stands beside the number that it draws. */
export function bar(share: number): HTMLElement {
  const filled = h('span', {});
  filled.style.width = `${share * 100}%`;
  return h('span', { class: 'measure', 'aria-hidden': 'true' }, filled);
}

export interface Column {
  readonly label: string;
  readonly count: number;
}

const COLUMN = { width: 10, height: 40, gap: 2, lowest: 5 };

/**
 * Counts as columns side by side, the highest of them `most` or what is the most of all; what is none is a line on the ground.
 * Whoever hears it hears those that are some.
 */
export function columns(name: string, all: readonly Column[], most = mostOf(all)): SVGSVGElement {
  const { width, height, gap, lowest } = COLUMN;
  const some = all.filter(({ count }) => count > 0).map(({ label, count }) => `${label}: ${count}`);
  const drawing = svg('svg', {
    ...{ class: 'columns', role: 'img', 'aria-label': `${name}: ${some.join(', ') || 'none'}` },
    ...{ viewBox: `0 0 ${all.length * width} ${height}`, preserveAspectRatio: 'none' },
  });
  drawing.style.setProperty('--columns', String(all.length));
  for (const [index, { label, count }] of all.entries()) {
    const tall = count === 0 ? 1 : Math.max(lowest, (count / most) * height);
    const place = { x: index * width + gap / 2, width: width - gap, y: height - tall, height: tall };
    const title = svg('title', {}, `${label}: ${count}`);
    drawing.append(svg('rect', { class: count === 0 ? 'none' : 'some', ...place }, title));
  }
  return drawing;
}

/** At least 1. */
export function mostOf(all: readonly Column[]): number {
  return Math.max(1, ...all.map(({ count }) => count));
}

const DAY_MS = 86_400_000;

/** So many days are drawn in one line. */
export const DAYS_IN_LINE = 30;

/** The last days up to the one of a moment, with the counts of those that have any. */
export function lastDays(counts: ReadonlyMap<string, number>, now: number): Column[] {
  return Array.from({ length: DAYS_IN_LINE }, (_, index) => {
    const label = dayOf(now - (DAYS_IN_LINE - 1 - index) * DAY_MS);
    return { label, count: counts.get(label) ?? 0 };
  });
}

/** The UTC day of a moment, `2026-06-18`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
