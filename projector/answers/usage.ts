import { EVENTS, eventParts } from '../../projections/vocabulary.ts';
import { type Breakdown, eventsOf, type Filter, isOfProject, isWithin } from './filter.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

export interface CommandCount {
  readonly command: string;
  readonly actor: string;
  readonly count: number;
}

export interface UsageDay {
  /** UTC, `2026-06-18`. */
  readonly day: string;
  /** Commands as the daemon recorded them; newer daemons record a command once a day for each actor. */
  readonly commands: readonly CommandCount[];
  /** What was done, by the names of the events that tell it. */
  readonly verbs: readonly { readonly name: string; readonly count: number }[];
}

export interface UsageAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** Days with any of it, in order. */
  readonly days: readonly UsageDay[];
  /** Commands by command or actor; empty where nothing was asked to count by. */
  readonly breakdown: Breakdown;
}

const DAY_MS = 86_400_000;

const VERBS = [...Object.values(EVENTS).filter(({ category }) => category === 'usage'), EVENTS.spawned, EVENTS.merged];

interface CountRow extends CommandCount {
  readonly day: number;
}

/** What was done on each day. Commands belong to no project, so a question about one has none. */
export function usage(source: Source, filter: Filter): UsageAnswer {
  const commands = filter.project === null ? commandCounts(source, filter) : [];
  const verbs = verbCounts(source, filter);
  const days = [...new Set([...commands.map(({ day }) => day), ...verbs.keys()])].sort((a, b) => a - b);
  return {
    now: filter.now,
    as_of: source.asOf(filter.since),
    days: days.map((day) => ({
      day: isoDay(day),
      commands: commands
        .filter((count) => count.day === day)
        .map(({ command, actor, count }) => ({ command, actor, count })),
      verbs: [...(verbs.get(day) ?? [])].map(([name, count]) => ({ name, count })).sort(byCount),
    })),
    breakdown: filter.by === 'command' || filter.by === 'actor' ? sums(commands, filter.by) : [],
  };
}

/** Days are whole: one counts where any of it lies within the bounds. */
function commandCounts(source: Source, { since, until }: Filter): CountRow[] {
  const rows = source.derived.prepare<[number, number], CountRow>(
    `SELECT day, command, actor, count FROM daily_count WHERE name = 'ao.cli.invoked' AND day BETWEEN ? AND ?
     ORDER BY day, count DESC, command, actor`,
  );
  const day = (at: number) => Math.floor(at / DAY_MS);
  return rows.all(
    since === null ? Number.MIN_SAFE_INTEGER : day(since),
    until === null ? Number.MAX_SAFE_INTEGER : day(until),
  );
}

function verbCounts(source: Source, filter: Filter): Map<number, Map<string, number>> {
  const subjects = new Subjects(source);
  const days = new Map<number, Map<string, number>>();
  for (const { id, at, project } of eventsOf(source, VERBS)) {
    if (!isWithin(filter, at) || !isOfProject(filter, subjects, project)) continue;
    const day = Math.floor(at / DAY_MS);
    const counts = days.get(day) ?? new Map<string, number>();
    const { name } = eventParts(id).definition;
    days.set(day, counts.set(name, (counts.get(name) ?? 0) + 1));
  }
  return days;
}

function sums(commands: readonly CountRow[], by: 'command' | 'actor'): Breakdown {
  const counts = new Map<string, number>();
  for (const row of commands) counts.set(row[by], (counts.get(row[by]) ?? 0) + row.count);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

function byCount(a: { name: string; count: number }, b: { name: string; count: number }): number {
  return b.count - a.count || a.name.localeCompare(b.name);
}

function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
