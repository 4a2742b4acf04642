import type { DerivedEvent } from '../../projections/state.ts';
import { EVENTS, eventParts } from '../../projections/vocabulary.ts';
import { type Dimension, dimensionOf, eventsOf, type Filter, isOfProject, isWithin } from './filter.ts';
import { ask } from './funnel/ask.ts';
import { SHIPPED } from './funnel/shipped.ts';
import { times } from './funnel/statistics.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

export interface OpenWait {
  readonly session: string;
  readonly raw: string | null;
  /** Milliseconds UTC. */
  readonly since: number;
  /** From there to `now`, at least 0. */
  readonly dwell_ms: number;
}

export interface StuckAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** Sessions that wait for somebody, the longest wait first. */
  readonly open_waits: readonly OpenWait[];
  /** How long ended waits took, by the harness of the session, or what was asked to count by; null where that is not known. */
  readonly dwell: readonly {
    readonly by: string | null;
    readonly count: number;
    readonly median_ms: number | null;
    readonly p90_ms: number | null;
  }[];
  /** The last step of the session funnel that those reached who went no further in its time. */
  readonly stopped: readonly { readonly last_step: string; readonly count: number }[];
}

/** A wait, with the event that began it. */
interface Wait {
  readonly session: number;
  readonly entered: DerivedEvent;
  /** Null while it lasts. */
  readonly dwell: number | null;
}

/** Where people wait, and where they stop. */
export function stuck(source: Source, filter: Filter): StuckAnswer {
  const subjects = new Subjects(source);
  const all = waits(source).filter(({ entered }) => {
    return isWithin(filter, entered.at) && isOfProject(filter, subjects, entered.project);
  });
  return {
    now: filter.now,
    as_of: source.asOf(),
    open_waits: openWaits(subjects, all, filter.now),
    dwell: dwellBy(subjects, all, filter.by ?? 'harness'),
    stopped: stopped(source, subjects, filter),
  };
}

/** Every wait of each session: an entry, and the exit that follows it. */
function waits(source: Source): Wait[] {
  const open = new Map<number, DerivedEvent>();
  const ended: Wait[] = [];
  for (const one of eventsOf(source, [EVENTS.waitingEntered, EVENTS.waitingExited])) {
    const session = one.subject;
    if (eventParts(one.id).definition === EVENTS.waitingEntered) {
      open.set(session, one);
      continue;
    }
    const entered = open.get(session);
    open.delete(session);
    if (entered) ended.push({ session, entered, dwell: one.measures?.dwell_ms ?? 0 });
  }
  const lasting = [...open].map(([session, entered]) => ({ session, entered, dwell: null }));
  return [...ended, ...lasting];
}

function openWaits(subjects: Subjects, all: readonly Wait[], now: number): OpenWait[] {
  return all
    .filter(({ dwell }) => dwell === null)
    .sort((a, b) => a.entered.at - b.entered.at)
    .map(({ session, entered: { at: since } }) => ({
      session: subjects.session(session)?.subject ?? '',
      raw: subjects.rawSession(session),
      since,
      dwell_ms: Math.max(0, now - since),
    }));
}

function dwellBy(subjects: Subjects, all: readonly Wait[], dimension: Dimension): StuckAnswer['dwell'] {
  const byValue = new Map<string | null, number[]>();
  for (const { entered, dwell } of all) {
    if (dwell === null) continue;
    const value = dimensionOf(subjects, entered, dimension);
    const dwells = byValue.get(value);
    if (dwells) dwells.push(dwell);
    else byValue.set(value, [dwell]);
  }
  return [...byValue]
    .map(([by, dwells]) => {
      const { median_ms, p90_ms } = times(dwells);
      return { by, count: dwells.length, median_ms, p90_ms };
    })
    .sort((a, b) => b.count - a.count || String(a.by).localeCompare(String(b.by)));
}

/** What the session funnel calls dropped, by the step that was the last. */
function stopped(source: Source, subjects: Subjects, filter: Filter): StuckAnswer['stopped'] {
  const { since, until, now } = filter;
  const isMeant = (key: number | null) => isOfProject(filter, subjects, key);
  const { steps } = ask(source, { ...SHIPPED.session, since, until, now, by: null }, isMeant);
  return steps
    .map(({ events, dropped }) => ({ last_step: events.join(' | '), count: dropped }))
    .filter(({ count }) => count > 0);
}
