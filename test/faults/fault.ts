import type { Random } from '../../fixtures/random.ts';

/** How far a campaign goes: `whole` as the page of faults tells it, `short` as `npm test` runs it. */
export type Extent = 'whole' | 'short';

export interface Campaign {
  readonly extent: Extent;
  readonly random: Random;
}

/** Something that goes wrong around us, and how it is made to. */
export interface Fault {
  readonly name: string;
  /** What is to come of it, in the words of the page. */
  readonly expected: string;
  /** How often it is provoked. */
  readonly times: Readonly<Record<Extent, number>>;
  /** What keeps it from being tried on this machine; null where nothing does. */
  readonly unavailable?: () => string | null;
  /** Provokes it so often. Yields in a few words what came of it, once a time; throws what was not as it should be. */
  provoke(campaign: Campaign, times: number): AsyncIterable<string>;
}

/** What became of one fault in a campaign. */
export interface Tried {
  readonly fault: Fault;
  readonly times: number;
  /** What came of it, and how often. */
  readonly found: ReadonlyMap<string, number>;
  /** Why it was not tried; null where it was. */
  readonly unavailable: string | null;
  /** What was not as it should be; null where all was. */
  readonly lost: string | null;
}

/** Provokes one fault as often as the campaign's extent says. */
export async function tryFault(fault: Fault, campaign: Campaign): Promise<Tried> {
  const unavailable = fault.unavailable?.() ?? null;
  const found = new Map<string, number>();
  let times = 0;
  let lost: string | null = null;
  if (unavailable === null) {
    try {
      for await (const outcome of fault.provoke(campaign, fault.times[campaign.extent])) {
        times += 1;
        found.set(outcome, (found.get(outcome) ?? 0) + 1);
      }
    } catch (error) {
      lost = `time ${times + 1}: ${(error as Error).message}`;
    }
  }
  return { fault, times, found, unavailable, lost };
}
