import type { Source } from '../answers/source.ts';
import type { Consent } from './consent.ts';

const DAY_MS = 86_400_000;
const WINDOWS = [1, 7, 30];

/** What is measured at one moment. */
export interface Gauge {
  readonly name: 'ao.active_days' | 'ao.projector.rejected' | 'ao.projector.lag';
  readonly points: readonly { readonly attributes: Readonly<Record<string, string>>; readonly value: number }[];
}

/**
 * Active days, rejected rows, and how far the tables are behind.
 *
 * @param lagMs how much older than its commit the newest fact of the last commit was; null before the first
 */
export function gaugesOf(source: Source, { since }: Consent, now: number, lagMs: number | null): Gauge[] {
  const today = Math.floor(now / DAY_MS);
  const active = source.derived
    .prepare<[number, number], number>('SELECT count(*) FROM active_day WHERE at >= ? AND day > ?')
    .pluck();
  const rejected = source.derived.prepare<[string], number>('SELECT count(*) FROM rejected WHERE stream = ?').pluck();
  return [
    {
      name: 'ao.active_days',
      points: WINDOWS.map((days) => ({ attributes: { window: `${days}d` }, value: active.get(since, today - days)! })),
    },
    {
      name: 'ao.projector.rejected',
      points: ['change_log', 'telemetry'].map((stream) => ({ attributes: { stream }, value: rejected.get(stream)! })),
    },
    {
      name: 'ao.projector.lag',
      points: lagMs === null ? [] : [{ attributes: {}, value: lagMs / 1_000 }],
    },
  ];
}
