import type { EventDefinition, SubjectKind } from '../../../projections/vocabulary.ts';
import type { Dimension } from '../filter.ts';
import type { Interval } from '../intervals.ts';
import type { Dimensions } from './dimensions.ts';

/** Values that dimensions of an event may have; any value where a dimension is not named. */
export type Where = Readonly<Partial<Record<Dimension | 'how', readonly string[]>>>;

/** One step of a funnel: reached by any of its events that passes the filters. */
export interface FunnelStep {
  readonly events: readonly EventDefinition[];
  readonly where: Where;
  /** An optional step shows who passed it on the way and stops nobody. The first step cannot be optional. */
  readonly optional: boolean;
  /** How long after the nearest required step before it may come, in milliseconds; null for as long as the window lasts. */
  readonly gapMs: number | null;
}

/** Events that void an attempt which has reached the step `after` and not yet the step `before`; steps by index. */
export interface Exclusion {
  readonly events: readonly EventDefinition[];
  readonly after: number;
  readonly before: number;
}

export const ORDERS = ['ordered', 'strict', 'any'] as const;
export const ENTRIES = ['first', 'every'] as const;
export const FUNNEL_SUBJECTS = ['install', 'project', 'session', 'pr'] as const satisfies readonly SubjectKind[];

/** A funnel question as data. */
export interface FunnelQuestion {
  /** What it is called; null for one that was made up on the spot. */
  readonly name: string | null;
  readonly subject: (typeof FUNNEL_SUBJECTS)[number];
  readonly steps: readonly FunnelStep[];
  readonly order: (typeof ORDERS)[number];
  /** How long an attempt may take, from its entry; milliseconds. */
  readonly windowMs: number;
  readonly exclude: readonly Exclusion[];
  /** `first`: one answer a subject, its furthest attempt; `every`: each entry is an attempt. */
  readonly entry: (typeof ENTRIES)[number];
  /** Bounds on the entry time, in milliseconds UTC and inclusive; null for none. */
  readonly since: number | null;
  readonly until: number | null;
  /** Dimension to break the answer down by; null for none. */
  readonly by: Dimension | null;
  /** Whose value counts: that of the attempt's first or last event, or of the event that reached a step (by index). */
  readonly attribute: 'first' | 'last' | number;
  /** So many values are told, the others together. */
  readonly top: number;
  /** Interval of the trend; null for none. */
  readonly interval: Interval | null;
  /** The moment at which open attempts are told from dropped ones; milliseconds UTC. */
  readonly now: number;
}

export const DAY_MS = 86_400_000;

/** What a question says where nobody says otherwise. */
export const DEFAULTS = {
  order: 'ordered',
  windowMs: 7 * DAY_MS,
  exclude: [],
  entry: 'first',
  since: null,
  until: null,
  by: null,
  attribute: 'first',
  top: 10,
  interval: null,
} as const satisfies Partial<FunnelQuestion>;

/** An event of a subject, as lists and explanations tell it. */
export interface ScannedEvent {
  readonly id: number;
  readonly definition: EventDefinition;
  readonly at: number;
  readonly dimensions: Dimensions;
}

/** Whether an event that has these dimensions has those that a step asks for. */
export function passesFilter({ where }: FunnelStep, dimensions: Dimensions): boolean {
  for (const dimension in where) {
    const value = dimensions[dimension] ?? null;
    if (value === null || !where[dimension as keyof Where]!.includes(value)) return false;
  }
  return true;
}
