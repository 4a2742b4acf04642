import type { ChangeFact, FactValue, JournalFact } from '../../projections/facts.ts';
import type { RejectedRow } from '../store/derived/batch.ts';
import type { Aliases } from './aliases.ts';
import { CHANGES, DATA, JOURNALED } from './allowlist.ts';
import type { Kind, Taken } from './kinds.ts';

type Aliased<Fact> = Fact extends { readonly project: number }
  ? Omit<Fact, 'project'> & { readonly project: string }
  : never;

/** A row of `change_log` in a bundle: a fact with aliases instead of ids. */
export type BundledChange = Aliased<ChangeFact>;

/** A fact of the journal in a bundle. */
export type BundledFact = Omit<JournalFact, 'project'> & { readonly project: string | null };

/** Everything that a bundle is projected from. All are in the order of their positions. */
export interface BundleFacts {
  readonly changes: readonly BundledChange[];
  readonly rejected: readonly RejectedRow[];
  readonly journal: readonly BundledFact[];
}

/** What did not come into a bundle because the allowlist does not have it. */
export interface Dropped {
  fields: number;
  facts: number;
}

/** A row of `change_log` as it stands in a bundle; null, and counted, where it is not what the allowlist expects. */
export function bundledChange(fact: ChangeFact, aliases: Aliases, dropped: Dropped): BundledChange | null {
  const built = build(CHANGES[fact.type], fact as unknown as Values, aliases, fact);
  if (built) return { type: fact.type, ...built } as unknown as BundledChange;
  dropped.facts += 1;
  return null;
}

/** A fact of the journal as it stands in a bundle; null, and counted, where it is not what the allowlist expects. */
export function bundledFact(fact: JournalFact, aliases: Aliases, dropped: Dropped): BundledFact | null {
  const fields = DATA.get(fact.name);
  const built = build(JOURNALED, fact as unknown as Values, aliases, fact);
  const allowed = Object.entries(fields ?? {}).filter(([name, { optional }]) => !optional || name in fact.data);
  const data = build(Object.fromEntries(allowed.map(([name, { kind }]) => [name, kind])), fact.data, aliases, fact);
  dropped.fields += Object.keys(fact.data).filter((name) => !fields || !Object.hasOwn(fields, name)).length;
  if (fields && built && data) {
    const { position, ...rest } = built;
    return { position, name: fact.name, ...rest, data } as unknown as BundledFact;
  }
  dropped.facts += 1;
  return null;
}

type Values = Readonly<Record<string, FactValue>>;

/** The fields of a table with their aliases; null where one is not what the table says. */
function build(
  kinds: Readonly<Record<string, Kind>>,
  values: Values,
  aliases: Aliases,
  fact: Taken,
): Record<string, FactValue> | null {
  const built: Record<string, FactValue> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const value = values[name];
    const alias = value === undefined ? undefined : kind.alias(value, aliases, fact);
    if (!kind.allows(alias)) return null;
    built[name] = alias;
  }
  return built;
}
