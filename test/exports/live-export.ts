import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { fromMilliseconds, SimulatedClock, toMilliseconds } from '../../fixtures/daemon/time.ts';
import { EVENTS, eventByCode, eventCode } from '../../projections/vocabulary.ts';
import { Source } from '../../projector/answers/source.ts';
import { consents, covers } from '../../projector/exports/consent.ts';
import { settledKey } from '../../projector/exports/settled.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { hostPath, placesIn, projector, type Running, tiersOn } from '../support/processes.ts';
import type { Received } from './receiver.ts';
import { counts, eventsOf, totals } from './sums.ts';

const DAY_MS = 86_400_000;

/** Counts of days can be revised after they were sent, for the model's clock is set back now and then. */
const NO_COUNTS_OF_DAYS = { AO_PROJECTOR_DISABLED_EVENTS: 'ao.cli.invoked,ao.app.active' };

/** A daemon's database of tomorrow: a run that starts now may export all that is written from then on. */
export function hostOfTomorrow(folder: string): void {
  const clock = new SimulatedClock(fromMilliseconds(Date.now() + DAY_MS));
  const daemon = Daemon.create(hostPath(folder), { version: 82, clock, runFile: placesIn(folder).AO_RUN_FILE });
  aSession(daemon, 'web');
}

/** The daemon comes back after three days, by which all from before settles. Returns when that is, in milliseconds UTC. */
export function threeDaysLater(folder: string): number {
  const daemon = Daemon.open(hostPath(folder), { runFile: placesIn(folder).AO_RUN_FILE });
  daemon.host.clock.advance(BigInt(3 * DAY_MS) * 1_000_000n);
  const at = toMilliseconds(daemon.host.clock.now());
  aSession(daemon, `project-${at}`);
  return at;
}

function aSession(daemon: Daemon, project: string): void {
  daemon.lifecycle.start();
  daemon.projects.add(project);
  daemon.spawns.spawn(project);
  daemon.lifecycle.stop();
  daemon.close();
}

/** Starts `ao-projector run` in the events tier; it exports as the environment says, and looks five times a second. */
export async function exportingRun(folder: string, env: Readonly<Record<string, string>>): Promise<Running> {
  const run = projector(
    { ...tiersOn(folder), ...NO_COUNTS_OF_DAYS, OTEL_METRIC_EXPORT_INTERVAL: '200', ...env },
    'run',
  );
  await run.says('Tailing');
  return run;
}

/** Both backends at one address. */
export function toBoth(url: string): Record<string, string> {
  return {
    ...{ AO_PROJECTOR_REMOTE: 'otlp,posthog', AO_PROJECTOR_OTLP_ENDPOINT: url },
    ...{ AO_PROJECTOR_POSTHOG_HOST: url, AO_PROJECTOR_POSTHOG_KEY: 'phc_key' },
  };
}

/** How many events of each name have settled. */
export function settled(folder: string): Record<string, number> {
  return ask(folder, ({ analytics }) => {
    const keys = analytics.prepare<[], number>('SELECT event FROM settled_event').pluck().all();
    const found: Record<string, number> = {};
    for (const key of keys.filter(isOfEvent)) {
      const { name } = key < 0 ? EVENTS.returned : eventByCode(eventCode(key));
      found[name] = (found[name] ?? 0) + 1;
    }
    return found;
  });
}

/** Keys of counts of days are below all others. */
const isOfEvent = (key: number) => key > -(2 ** 40);

/** Whether all that was derived of the time before a moment has settled. */
export function hasSettled(folder: string, before: number): boolean {
  return ask(folder, ({ analytics, derived, history }) => {
    const [consent] = consents(analytics);
    const keys = new Set(analytics.prepare<[], number>('SELECT event FROM settled_event').pluck().all());
    return derived
      .prepare<[number], { id: number; at: number }>('SELECT id, at FROM event WHERE at < ?')
      .all(before)
      .filter((event) => covers(consent!, event, history))
      .every((event) => keys.has(settledKey(event)));
  });
}

/** What the events of a path come to, by name. */
export function received(requests: readonly Received[], path: string): Record<string, number> {
  return counts(eventsOf(requests.filter((request) => request.path === path)));
}

/** What `ao.events` comes to, by name. */
export function counted(requests: readonly Received[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(totals(requests))) {
    if (!key.startsWith('ao.events ')) continue;
    const name = JSON.parse(key.slice('ao.events '.length))['ao.event'];
    found[name] = (found[name] ?? 0) + Number(value);
  }
  return found;
}

/** All of them together. */
export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function ask<T>(folder: string, question: (source: Source) => T): T {
  const source = Source.open(pathsOf(placesIn(folder)), { metrics: true, events: false, remote: [] });
  try {
    return question(source);
  } finally {
    source.close();
  }
}
