import type { EventAnswer } from '../answers/events.ts';
import type { Derived } from '../bundle/derived.ts';

/** The first thing that a bundle and a projection of its facts do not tell alike. */
export interface Difference {
  /** Id and name of the event, or fingerprint and name of the group of failures. */
  readonly id: string;
  readonly name: string;
  /** Such as `dimensions.end_cause`; null where one of the two does not tell of it at all. */
  readonly field: string | null;
  /** As JSON has it; null where there is nothing. */
  readonly bundled: unknown;
  readonly projected: unknown;
}

/** Holds what a bundle says against what its facts derive now: the events in their order, then the groups of failures. */
export function firstDifference(bundled: Derived, projected: Derived): Difference | null {
  return (
    inRows(bundled.events, projected.events, ({ id }) => id) ??
    inRows(bundled.failures.groups, projected.failures.groups, ({ fingerprint }) => fingerprint)
  );
}

function inRows<Row extends Pick<EventAnswer, 'name'> & object>(
  bundled: readonly Row[],
  projected: readonly Row[],
  idOf: (row: Row) => string,
): Difference | null {
  const now = new Map(projected.map((row) => [idOf(row), row]));
  const known = new Set(bundled.map(idOf));
  for (const row of bundled) {
    const other = now.get(idOf(row));
    const difference = other ? inFields(row, other) : whole(row, null);
    if (difference) return { id: idOf(row), name: row.name, ...difference };
  }
  const more = projected.find((row) => !known.has(idOf(row)));
  if (more) return { id: idOf(more), name: more.name, ...whole(null, more) };
  const moved = bundled.findIndex((row, index) => idOf(row) !== idOf(projected[index]!));
  if (moved < 0) return null;
  const [{ name }, other] = [bundled[moved]!, projected[moved]!];
  return { id: idOf(bundled[moved]!), name, field: 'place', bundled: idOf(bundled[moved]!), projected: idOf(other) };
}

type Found = Pick<Difference, 'field' | 'bundled' | 'projected'>;

const whole = (bundled: object | null, projected: object | null): Found => ({ field: null, bundled, projected });

function inFields(bundled: object, projected: object): Found | null {
  const [was, is] = [flat(bundled), flat(projected)];
  for (const field of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(field) ?? null, is.get(field) ?? null];
    if (JSON.stringify(before) !== JSON.stringify(after)) return { field, bundled: before, projected: after };
  }
  return null;
}

/** Fields by their names, those within a field with its name before theirs. */
function flat(row: object, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...flat(value, `${prefix}${name}.`)]
        : [[prefix + name, value]],
    ),
  );
}
