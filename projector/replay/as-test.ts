import { join } from 'node:path';
import { eventParts } from '../../projections/vocabulary.ts';
import type { BundledChange, BundledFact, BundleFacts } from '../bundle/facts.ts';
import { projectEvents } from '../bundle/project.ts';
import { unlessStopped } from '../bundle/temporary-folder.ts';
import { eventsOfFacts, type FixtureEvent } from './fixture.ts';
import { type Smallest, smallest } from './smallest.ts';
import type { Wanted } from './wanted.ts';

type Fact = BundledChange | BundledFact;

/** A few minutes' worth of tries with the facts of a busy day. */
const MAX_TRIES = 2_000;

/** A history and how it was found. */
export interface SmallestHistory extends Omit<Smallest<Fact>, 'items'> {
  readonly facts: BundleFacts;
}

export interface Bench {
  /** A folder to try in. */
  readonly folder: string;
  /** Aborted when the process is told to stop. */
  readonly stop: AbortSignal;
  readonly maxTries?: number;
}

/**
 * The smallest history that still shows what is wanted. Whether facts make sense without others is tried, not known: a session
 * without its creation row shows nothing, so the row stays. Rejects when it is told to stop.
 */
export async function smallestHistory(
  facts: BundleFacts,
  wanted: Wanted,
  { folder, stop, maxTries = MAX_TRIES }: Bench,
): Promise<SmallestHistory> {
  const path = join(folder, 'tried.db');
  const shows = async (tried: readonly Fact[]) => {
    await unlessStopped(stop);
    return projectEvents(path, historyOf(tried)).some(wanted);
  };
  // The journal first: without the facts of other sessions fewer rows are looked at again and again.
  const all: Fact[] = [...facts.journal, ...facts.changes];
  const { items, ...found } = await smallest(all, shows, maxTries);
  return { facts: historyOf(items), ...found };
}

/** The events that a history shows of what is wanted. */
export function shownBy(facts: BundleFacts, wanted: Wanted, folder: string): FixtureEvent[] {
  const shown = new Set(
    projectEvents(join(folder, 'shown.db'), facts)
      .filter(wanted)
      .map(({ id }) => describe(id)),
  );
  return eventsOfFacts(facts).filter(({ name, cause }) => shown.has(`${name} ${cause}`));
}

function describe(id: number): string {
  const { definition, stream, position } = eventParts(id);
  return `${definition.name} ${stream} ${position}`;
}

function historyOf(facts: readonly Fact[]): BundleFacts {
  return {
    changes: facts.filter((fact) => 'seq' in fact),
    rejected: [],
    journal: facts.filter((fact) => 'position' in fact),
  };
}
