import type { EventAnswer } from '../../projector/answers/events.ts';
import { reachedBy } from '../../projector/answers/funnel/ask.ts';
import { SHIPPED } from '../../projector/answers/funnel/shipped.ts';
import { Source } from '../../projector/answers/source.ts';
import type { ExportedInstall, Moment } from '../exports/exported-install.ts';
import { REQUIRED } from './required-steps.ts';
import { added, type Told, words } from './told.ts';

/** Since when an install exports, and how far its tables were by then. */
export type Consent = Moment;

/** A duration in milliseconds, and what it is counted with. */
type Duration = readonly [group: string, ms: number];

/** What events come to that are from after a consent, as exports should tell it; of durations, waits and spawns. */
export function toldOf(events: readonly EventAnswer[], since: number): Told {
  const named = (name: string) => events.filter((event) => event.name === name);
  const spawned = named('ao.session.spawned').flatMap((event) => durationOf(event, 'duration_ms', 'launched'));
  const failed = named('ao.spawn.failed').flatMap((event) => durationOf(event, 'duration_ms', 'failed'));
  const waits = named('ao.session.waiting_input_exited')
    .filter(({ at, measures }) => at - measures.dwell_ms! >= since)
    .flatMap((event) => durationOf(event, 'dwell_ms', words(event.dimensions.harness)));
  return {
    events: added(events.map(({ name }) => [name, 1])),
    ends: added(named('ao.session.killed').map(({ dimensions: of }) => [words(of.end_cause, of.certainty), 1])),
    durations: {
      'ao.session.wait.duration': tally(waits),
      'ao.session.spawn.duration': tally([...spawned, ...failed]),
    },
  };
}

/** What the derived tables of an install hold of what came after its consent, as its exports should tell it. */
export function derivedOf(install: ExportedInstall, consent: Consent): Told {
  const { events, ends, durations } = toldOf(since(install.derived(), consent), consent.since);
  const days = install.days(consent.since).map(({ name, count }) => [name, count] as const);
  return {
    events: added([...Object.entries(events), ...days]),
    ends,
    durations: { ...durations, 'ao.funnel.step.duration': tally(stepsOf(install, consent)) },
  };
}

/** The events that a consent covers. */
function since(events: readonly EventAnswer[], consent: Consent): EventAnswer[] {
  return events.filter(({ at, cause_stream, cause_position }) => {
    return at >= consent.since && cause_position > consent[cause_stream];
  });
}

function durationOf({ measures }: EventAnswer, measure: string, group: string): Duration[] {
  const ms = measures[measure];
  return ms === undefined ? [] : [[group, ms]];
}

/** How long each required step of a shipped funnel took from the one before, however long. */
function stepsOf({ store: { paths }, now }: ExportedInstall, { since }: Consent): Duration[] {
  const source = Source.open(paths, { metrics: true, events: false, remote: [] });
  try {
    return REQUIRED.flatMap(({ funnel, step, index, before }) => {
      const question = { ...SHIPPED[funnel], windowMs: Number.MAX_SAFE_INTEGER, now: now() };
      return [...reachedBy(source, question, index)]
        .map(({ steps }) => [steps[before]!.at, steps[index]!.at] as const)
        .filter(([from]) => from >= since)
        .map(([from, to]): Duration => [words(funnel, step), Math.max(0, to - from)]);
    });
  } finally {
    source.close();
  }
}

function tally(durations: readonly Duration[]) {
  return { counts: added(durations.map(([group]) => [group, 1])), ms: added(durations) };
}
