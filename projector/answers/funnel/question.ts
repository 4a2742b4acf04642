import type { EventDefinition } from '../../../projections/vocabulary.ts';

/** One step of a funnel: reached by any of its events that passes the filters. */
export interface FunnelStep {
  readonly events: readonly EventDefinition[];
  /** Dimensions that the event must have. */
  readonly where: Readonly<Record<string, string>>;
  /** An optional step shows who passed it on the way and stops nobody. The first step cannot be optional. */
  readonly optional: boolean;
}

/** A funnel question as data. */
export interface FunnelQuestion {
  readonly name: string;
  readonly subject: 'session' | 'pr';
  readonly steps: readonly FunnelStep[];
  /** How long an attempt may take, from its entry; milliseconds. */
  readonly windowMs: number;
  /** Bounds on the entry time, in milliseconds UTC and inclusive; null for none. */
  readonly since: number | null;
  readonly until: number | null;
  /** Dimension to break the answer down by, as the entry event has it; null for none. */
  readonly by: Dimension | null;
  /** The moment at which open attempts are told from dropped ones; milliseconds UTC. */
  readonly now: number;
}

export const DIMENSIONS = ['harness', 'session_kind', 'project'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** An event of the subject under scan. */
export interface ScannedEvent {
  readonly id: number;
  readonly definition: EventDefinition;
  readonly at: number;
  readonly dimensions: Readonly<Record<string, string | null>>;
}

/** Whether an event of a step has the dimensions that the step asks for. */
export function passesFilter({ where }: FunnelStep, { dimensions }: ScannedEvent): boolean {
  for (const dimension in where) if (dimensions[dimension] !== where[dimension]) return false;
  return true;
}
