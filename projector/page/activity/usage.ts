import type { UsageAnswer, UsageDay } from '../../answers/usage.ts';
import { chart } from '../chart.ts';
import { empty, h } from '../dom.ts';
import { columns, DAYS_IN_LINE, dayOf, lastDays, part, widePart } from '../figures.ts';
import { shortName } from '../format.ts';
import { cell, heading, named, number, numbered, tableOf } from '../tables.ts';

const DAY_MS = 86_400_000;

interface Done {
  readonly name: string;
  readonly perDay: Map<string, number>;
}

/** What was done and which commands were given, each by day. */
export function usageParts({ days, now }: UsageAnswer, signal: AbortSignal): HTMLElement[] {
  const acts = most(days, ({ verbs }) => verbs.map(({ name, count }) => [shortName(name), count]));
  const commands = most(days, ({ commands }) => commands.map(({ command, count }) => [command, count]));
  const actors = most(days, ({ commands }) => commands.map(({ actor, count }) => [actor, count]));
  return [
    widePart('Commands by day', commands.length > 0 ? byDay(days, actors, now, signal) : nothing()),
    part('What is done', acts.length > 0 ? doneTable('act', acts, now) : nothing()),
    part('With which commands', commands.length > 0 ? doneTable('command', commands, now) : nothing()),
  ];
}

function nothing(): HTMLElement {
  return empty(
    'Nothing of it is known.',
    'The daemon records commands in the events tier; those of a project alone are not known.',
  );
}

/** Counts of each name by day, those with the most first. */
function most(days: readonly UsageDay[], of: (day: UsageDay) => (readonly [name: string, count: number])[]): Done[] {
  const done = new Map<string, Map<string, number>>();
  for (const day of days) {
    for (const [name, count] of of(day)) {
      const perDay = done.get(name) ?? new Map<string, number>();
      done.set(name, perDay.set(day.day, (perDay.get(day.day) ?? 0) + count));
    }
  }
  return [...done].map(([name, perDay]) => ({ name, perDay })).sort((a, b) => sum(b) - sum(a));
}

function sum({ perDay }: Done): number {
  return [...perDay.values()].reduce((total, count) => total + count, 0);
}

function doneTable(what: string, done: readonly Done[], now: number): HTMLElement {
  const rows = done.map((one) => {
    const days = columns(one.name, lastDays(one.perDay, now));
    return h('tr', {}, heading(one.name), number(sum(one)), cell(days));
  });
  return tableOf(
    'done',
    `Each ${what}, the most frequent first`,
    [named(what), numbered('times'), named(`last ${DAYS_IN_LINE} days`)],
    rows,
  );
}

/** Commands of each day by who gave them, days without any included. */
function byDay(days: readonly UsageDay[], actors: readonly Done[], now: number, signal: AbortSignal): HTMLElement {
  const first = Date.parse(days[0]!.day);
  const from = Array.from({ length: Math.floor((now - first) / DAY_MS) + 1 }, (_, index) => first + index * DAY_MS);
  const names = from.map(dayOf);
  return chart(
    {
      caption: 'Commands of each day by who gave them',
      every: 'day',
      from,
      series: actors.map(({ name, perDay }) => ({ label: name, values: names.map((day) => perDay.get(day) ?? 0) })),
    },
    signal,
  );
}
