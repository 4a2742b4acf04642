import { ACTS } from '../../projections/active-days.ts';
import { countsForClock } from '../../projections/instant.ts';
import { eventsOf, type Filter, isOfProject } from './filter.ts';
import { intervalOf, startOfInterval } from './intervals.ts';
import { type ActiveIntervals, lifeCycle, retention } from './retention.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

export interface ActivityAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** UTC days with an act of a user, `2026-06-18`: a command, a session spawned, a PR merged. */
  readonly days: readonly string[];
  /** How many of the last 1, 7 and 30 days, today included, were active. */
  readonly dau: number;
  readonly wau: number;
  readonly mau: number;
  /** Share of the last 30 days that were active; null without any. */
  readonly stickiness: number | null;
  /** Active days after the first one, and whether there are enough of them to say that the user stays. */
  readonly returns: number;
  readonly retained: boolean;
  /** By week, of the install, or of each project where that was asked for; weeks by the time at which they begin. */
  readonly retention: readonly { readonly cohort: number; readonly sizes: readonly number[] }[];
  readonly life_cycle: readonly {
    readonly from: number;
    readonly new: number;
    readonly returning: number;
    readonly resurrecting: number;
    readonly dormant: number;
  }[];
}

const DAY_MS = 86_400_000;
const RETAINED = 4;

/** How regularly ao is used. Commands belong to no project, so a question about projects knows of sessions and PRs alone. */
export function activity(source: Source, filter: Filter): ActivityAnswer {
  const { now } = filter;
  const ofProjects = filter.project !== null || filter.by === 'project' ? daysOfProjects(source, filter) : null;
  const all = ofProjects ? distinct([...ofProjects.values()].flat()) : daysOfInstall(source);
  const today = intervalOf(now, 'day');
  const first = filter.since === null ? (all[0] ?? today) : intervalOf(filter.since, 'day');
  const last = Math.min(today, filter.until === null ? today : intervalOf(filter.until, 'day'));
  const known = all.filter((day) => day <= last);
  const lately = (days: number) => known.filter((day) => day > today - days).length;
  const mau = lately(30);
  const subjects = filter.by === 'project' && ofProjects ? [...ofProjects.values()] : [known];
  return {
    now,
    as_of: source.asOf(filter.since),
    days: known.filter((day) => day >= first).map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10)),
    dau: lately(1),
    wau: lately(7),
    mau,
    stickiness: mau === 0 ? null : mau / 30,
    returns: Math.max(0, known.length - 1),
    retained: known.length > RETAINED,
    ...byWeek(subjects.map(weeks), weekOf(first), weekOf(last)),
  };
}

function byWeek(subjects: readonly ActiveIntervals[], first: number, last: number) {
  const start = (week: number) => startOfInterval(week, 'week');
  return {
    retention: retention(subjects, last)
      .filter(({ cohort }) => cohort >= first)
      .map(({ cohort, sizes }) => ({ cohort: start(cohort), sizes })),
    life_cycle: lifeCycle(subjects, first, last).map(({ interval, ...counts }) => ({
      from: start(interval),
      ...counts,
    })),
  };
}

function daysOfInstall({ derived }: Source): number[] {
  return derived.prepare<[], number>('SELECT day FROM active_day ORDER BY day').pluck().all();
}

function daysOfProjects(source: Source, filter: Filter): Map<number, number[]> {
  const subjects = new Subjects(source);
  const days = new Map<number, number[]>();
  for (const { at, project } of eventsOf(source, ACTS)) {
    if (project === null || !countsForClock(at) || !isOfProject(filter, subjects, project)) continue;
    const ofProject = days.get(project);
    if (ofProject) ofProject.push(intervalOf(at, 'day'));
    else days.set(project, [intervalOf(at, 'day')]);
  }
  for (const [project, ofProject] of days) days.set(project, distinct(ofProject));
  return days;
}

function weeks(days: readonly number[]): number[] {
  return distinct(days.map(weekOf));
}

function weekOf(day: number): number {
  return intervalOf(day * DAY_MS, 'week');
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
