import { expect } from '@jest/globals';
import { Random } from '../../fixtures/random.ts';
import type { ChangeFact, JournalFact } from '../../projections/facts.ts';
import { foldChange, foldJournal, foldVanished, settle } from '../../projections/index.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import { eventParts } from '../../projections/vocabulary.ts';
import { MemoryState } from './memory-state.ts';

/** When an event is, and what it is of: the keys of its subject, its session and its project. */
type Place = Pick<DerivedEvent, 'at' | 'subject' | 'session' | 'project'>;

/** A line of a story: a row of `change_log`, a fact of the journal, or the going of a creation row that was read before. */
export type Row =
  | { readonly change: ChangeFact }
  | { readonly journal: Omit<JournalFact, 'position'> }
  | { readonly vanished: number };

/**
 * What happened, to say what is derived from it: `given(created(1, 'web-1')).expectEvents(['1 session.spawned'])`. Every story
 * is folded in many ways, and must tell the same in all of them.
 *
 * Rows of `change_log` have the numbers they are given; facts of the journal are t1, t2 ... in the order of the story. A line
 * reads `position name dimension=value measure=value`.
 */
export function given(...rows: Row[]): Story {
  return new Story(rows);
}

class Story {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    const seqs = rows.flatMap((row) => ('change' in row ? [row.change.seq] : []));
    seqs.forEach((seq, index) => {
      if (index > 0 && seq <= seqs[index - 1]!)
        throw new RangeError(`Expected seq to ascend, got ${seq} after ${seqs[index - 1]}`);
    });
    this.#rows = rows;
  }

  /** Exactly these funnel events of sessions and PRs. */
  expectEvents(lines: readonly string[]): void {
    expect(this.#lines((event) => isFunnel(event) && event.subject !== INSTALL)).toEqual(lines);
  }

  /** Exactly these failures. */
  expectFailures(lines: readonly string[]): void {
    expect(this.#lines((event) => categoryOf(event) === 'failure')).toEqual(lines);
  }

  /** Exactly these acts of users. */
  expectUsage(lines: readonly string[]): void {
    expect(this.#lines((event) => categoryOf(event) === 'usage')).toEqual(lines);
  }

  /** Exactly these events of sessions and PRs whose name holds `part`. */
  expectOnly(part: string, lines: readonly string[]): void {
    expect(
      this.#lines((event) => isFunnel(event) && event.subject !== INSTALL && nameOf(event).includes(part)),
    ).toEqual(lines);
  }

  /** Exactly these milestones of the install. */
  expectMilestones(lines: readonly string[]): void {
    expect(this.milestones()).toEqual(lines);
  }

  /** Exactly these events of the install whose name holds `part`. */
  expectOnlyMilestones(part: string, lines: readonly string[]): void {
    const isMeant = (event: DerivedEvent) => event.subject === INSTALL && nameOf(event).includes(part);
    expect(this.#lines(isMeant)).toEqual(lines);
  }

  milestones(): string[] {
    return this.#lines((event) => isFunnel(event) && event.subject === INSTALL);
  }

  /** The cause of every end, by its row. */
  expectCauses(causes: Readonly<Record<number, string>>): void {
    const killed = this.events().filter((event) => nameOf(event) === 'ao.session.killed');
    const told = killed.map(({ id, dimensions }) => [eventParts(id).position, dimensions?.end_cause]);
    expect(Object.fromEntries(told)).toEqual(causes);
  }

  /** Exactly these places of the events with a name. */
  expectPlaces(name: string, places: readonly Place[]): void {
    const named = this.events().filter((event) => nameOf(event) === name);
    expect(named.map(({ at, subject, session, project }) => ({ at, subject, session, project }))).toEqual(places);
  }

  /** The event table at the end, which is the same in every way. */
  events(): DerivedEvent[] {
    const told = fold(withoutVanished(this.#rows), FIRST_WAY);
    for (const way of WAYS) {
      expect({ way, events: fold(this.#rows, way).map(line) }).toEqual({ way, events: told.map(line) });
      expect(fold(this.#rows, way)).toEqual(told);
    }
    return told;
  }

  #lines(isMeant: (event: DerivedEvent) => boolean): string[] {
    return this.events().filter(isMeant).map(line);
  }
}

const INSTALL = 0;

interface Way {
  /** Where the journal's facts stand among the rows of `change_log`. */
  readonly journal: 'before' | 'after' | 'seed 1' | 'seed 2';
  readonly batches: 'one' | 'one a fact' | 'one a fact, each from its rows alone';
  readonly times: 1 | 2;
}

const WAYS: readonly Way[] = (['before', 'after', 'seed 1', 'seed 2'] as const).flatMap((journal) =>
  (['one', 'one a fact', 'one a fact, each from its rows alone'] as const).flatMap((batches) =>
    ([1, 2] as const).map((times) => ({ journal, batches, times })),
  ),
);
const FIRST_WAY = WAYS[0]!;

function fold(rows: readonly Row[], { journal, batches, times }: Way): DerivedEvent[] {
  const state = new MemoryState();
  for (const foldRow of merge(state, rows, journal)) {
    for (let time = 0; time < times; time++) foldRow();
    if (batches === 'one') continue;
    settle(state);
    if (batches === 'one a fact, each from its rows alone') state.forget();
  }
  settle(state);
  return state.events.all();
}

/** The steps of both streams, each in its own order. */
function merge(state: MemoryState, rows: readonly Row[], order: Way['journal']): (() => void)[] {
  const journal = rows
    .flatMap((row) => ('journal' in row ? [row.journal] : []))
    .map((fact, index) => () => foldJournal(state, { ...fact, position: index + 1 }));
  const changes = rows.flatMap((row) => {
    if ('change' in row) return [() => foldChange(state, row.change)];
    return 'vanished' in row ? [() => foldVanished(state, [row.vanished])] : [];
  });
  if (order === 'before') return [...journal, ...changes];
  if (order === 'after') return [...changes, ...journal];
  const random = new Random(Number(order.slice(-1)));
  const merged: (() => void)[] = [];
  while (journal.length + changes.length > 0) {
    const isJournal = random.between(1, journal.length + changes.length) <= journal.length;
    merged.push((isJournal ? journal : changes).shift()!);
  }
  return merged;
}

/** The rows that a rebuild finds: an incarnation that vanished took all its session rows with it. */
function withoutVanished(rows: readonly Row[]): Row[] {
  const left: Row[] = [];
  rows.forEach((row, index) => {
    if ('vanished' in row) return;
    const born = 'change' in row ? bornOf(rows.slice(0, index + 1), row.change) : null;
    if (!rows.some((other) => 'vanished' in other && other.vanished === born)) left.push(row);
  });
  return left;
}

function bornOf(rows: readonly Row[], fact: ChangeFact): number | null {
  if (!('session' in fact) || 'url' in fact) return null;
  const births = rows.flatMap((row) =>
    'change' in row && row.change.type === 'session_created' && row.change.session === fact.session ? [row.change] : [],
  );
  return births.at(-1)?.seq ?? null;
}

function nameOf({ id }: DerivedEvent): string {
  return eventParts(id).definition.name;
}

function categoryOf({ id }: DerivedEvent) {
  return eventParts(id).definition.category;
}

function isFunnel(event: DerivedEvent): boolean {
  return categoryOf(event) === 'funnel';
}

function line({ id, dimensions, measures }: DerivedEvent): string {
  const { stream, position, definition } = eventParts(id);
  const rest = Object.entries({ ...dimensions, ...measures }).map(([key, value]) => ` ${key}=${value}`);
  return `${stream === 'telemetry' ? 't' : ''}${position} ${definition.name.slice('ao.'.length)}${rest.join('')}`;
}
