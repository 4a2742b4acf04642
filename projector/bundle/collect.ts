import { OBSERVED } from '../../projections/facts.ts';
import type { Source } from '../answers/source.ts';
import type { Keys } from '../host/keys.ts';
import type { Paths } from '../store/paths.ts';
import { Aliases } from './aliases.ts';
import { type BundleFacts, bundledChange, bundledFact, type Dropped } from './facts.ts';
import { type Selected, select } from './select.ts';

/** The facts of a bundle, and what did not come into it. */
export interface Collected {
  readonly facts: BundleFacts;
  readonly leftOut: LeftOutOfBundle;
}

export interface LeftOutOfBundle {
  /** Facts of either stream before the window, of sessions and PRs that it does not touch. */
  readonly change_log: number;
  readonly journal: number;
  /** Rows that did not fit: of these the bundle has the position and the reason. */
  readonly rejected: number;
  /** Rows of types that this version does not know. */
  readonly unknown: number;
  /** Facts and fields of facts that the allowlist does not have. */
  readonly facts: number;
  readonly fields: number;
}

/** The facts of a window that begins at `since` (milliseconds UTC), under aliases that are forgotten afterwards. */
export function collect(paths: Paths, source: Source, keys: Keys, since: number): Collected {
  const selected = select(paths, source, keys, since);
  const aliases = new Aliases(keys, selected.changes);
  const dropped: Dropped = { fields: 0, facts: 0 };
  const facts: BundleFacts = {
    changes: selected.changes.flatMap((fact) => bundledChange(fact, aliases, dropped) ?? []),
    rejected: selected.rejected,
    journal: selected.journal.flatMap((fact) => bundledFact(fact, aliases, dropped) ?? []),
  };
  return { facts, leftOut: { ...selected.leftOut, rejected: rejectedIn(selected), ...dropped } };
}

function rejectedIn({ rejected, journal }: Selected): number {
  return rejected.length + journal.filter(({ name }) => name === OBSERVED.rejected).length;
}
