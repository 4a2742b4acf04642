import { words } from './dimensions.ts';
import type { JournalFact } from './facts.ts';
import { type Instant, nanosBetween } from './instant.ts';
import type { State } from './state.ts';
import { commandKey, EVENTS, type EventDefinition, eventId, projectKey } from './vocabulary.ts';

/** Codes which say that the harness or the runtime is missing. */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([
  'AGENT_BINARY_NOT_FOUND',
  'UNKNOWN_HARNESS',
  'RUNTIME_PREREQUISITE_MISSING',
  'CHAT_DRIVER_UNAVAILABLE',
  'CHAT_DRIVER_INCOMPATIBLE',
  'CHAT_AUTH_REQUIRED',
]);

const REPEATED = 3;
const REPEATED_WITHIN_MS = 600_000;

/** Two rows of one failure are so close in time. */
const WITHIN_MS = 1_000;

/** Rows of one request, or of one failed spawn, stand close together. */
const REMEMBERED = 32;

const INSTALL = 0;

/** A server error that was told as a failure of its own. */
export interface ToldError extends Instant {
  readonly position: number;
  readonly request: string | null;
  readonly ofSpawn: boolean;
}

/** An internal failure of a spawn whose server error is not known yet. */
export interface InternalFailure extends Instant {
  readonly position: number;
}

/** A seed that a trigger saw go, told as a failed spawn. */
export interface ToldRollback extends Instant {
  readonly position: number;
  readonly project: number;
}

/** What the fold of failures remembers of the rows just before. */
export interface RecentFailures {
  panics: string[];
  errors: ToldError[];
  internal: InternalFailure[];
  rollbacks: ToldRollback[];
  /** Per command: times of the latest usage errors, in milliseconds, and whether they were told as repeated. */
  usage: Record<string, { times: number[]; told: boolean }>;
}

export function noRecentFailures(): RecentFailures {
  return { panics: [], errors: [], internal: [], rollbacks: [], usage: {} };
}

/** A spawn that failed, and beside it, where that is why, the adapter that is missing. */
export function spawnFailed(state: State, fact: JournalFact): void {
  if (fact.project === null) return;
  const { error_kind = null, error_code = null, harness = null, kind = null } = fact.data;
  const dimensions = words({ error_kind, error_code, harness, session_kind: kind });
  put(state, fact, EVENTS.spawnFailed, projectKey(fact.project), dimensions, {
    duration_ms: Math.max(0, Number(fact.data.duration_ms)),
  });
  if (UNAVAILABLE.has(error_code)) {
    put(state, fact, EVENTS.adapterUnavailable, projectKey(fact.project), words({ error_code, harness }));
  }
  if (error_kind === 'internal') internalFailure(state, fact);
}

/** A command that could not be parsed; the third within ten minutes is told once more, until there is quiet again. */
export function usageError(state: State, fact: JournalFact): void {
  const command = String(fact.data.command);
  const dimensions = words({ command, error_kind: fact.data.error_kind ?? null });
  put(state, fact, EVENTS.exit2, commandKey(command), dimensions);
  const { usage } = state.progress.failures;
  const before = usage[command] ?? { times: [], told: false };
  const last = before.times.at(-1);
  const isQuiet = last !== undefined && fact.at - last > REPEATED_WITHIN_MS;
  const times = [...before.times, fact.at].filter((at) => fact.at - at <= REPEATED_WITHIN_MS).slice(-REPEATED);
  let told = before.told && !isQuiet;
  if (!told && times.length === REPEATED) {
    told = true;
    put(state, fact, EVENTS.repeatedExit2, commandKey(command), words({ command }), { count: REPEATED });
  }
  usage[command] = { times, told };
}

/** A handler that panicked. The same request also leaves a server error, which is no failure of its own. */
export function panicked(state: State, fact: JournalFact): void {
  const { component = null, operation = null, panic_kind = null, request = null } = fact.data;
  const definition = component === 'adapter' ? EVENTS.adapterPanic : EVENTS.daemonPanic;
  put(state, fact, definition, INSTALL, words({ component, operation, panic_kind }));
  if (typeof request !== 'string') return;
  const { failures } = state.progress;
  remember(failures.panics, request);
  const own = failures.errors.find((error) => error.request === request);
  if (own) takeBack(state, own);
}

/** A server error, unless a panic or a failed spawn tells of it already. */
export function serverError(state: State, fact: JournalFact): void {
  const { failures } = state.progress;
  const { component = null, operation = null, error_kind = null, error_code = null, method = null } = fact.data;
  const request = typeof fact.data.request === 'string' ? fact.data.request : null;
  if (request !== null && failures.panics.includes(request)) return;
  const ofSpawn = method === 'POST' && fact.data.spawn_route === true && error_kind === 'internal';
  if (ofSpawn) {
    const failure = nearest(failures.internal, (one) => nanosBetween(one, fact));
    if (failure) {
      failures.internal.splice(failures.internal.indexOf(failure), 1);
      return;
    }
  }
  const { position, at, nanos } = fact;
  remember(failures.errors, { position, at, nanos, request, ofSpawn });
  put(state, fact, EVENTS.errorEnvelope, INSTALL, words({ component, operation, error_kind, error_code }));
}

/** The daemon writes the failure first and its server error within a second; the rows may come the other way round. */
function internalFailure(state: State, fact: JournalFact): void {
  const { failures } = state.progress;
  const ofSpawns = failures.errors.filter(({ ofSpawn }) => ofSpawn);
  const error = nearest(ofSpawns, (one) => nanosBetween(fact, one));
  if (error) takeBack(state, error);
  else remember(failures.internal, { position: fact.position, at: fact.at, nanos: fact.nanos });
}

function takeBack(state: State, error: ToldError): void {
  const { errors } = state.progress.failures;
  errors.splice(errors.indexOf(error), 1);
  state.events.drop(eventId('telemetry', error.position, EVENTS.errorEnvelope));
}

/** The one at the least distance from zero on, up to a second. */
export function nearest<T>(candidates: readonly T[], nanosTo: (candidate: T) => number): T | undefined {
  const within = candidates.filter((one) => nanosTo(one) >= 0 && nanosTo(one) <= WITHIN_MS * 1e6);
  return within.reduce<T | undefined>(
    (best, one) => (best === undefined || nanosTo(one) < nanosTo(best) ? one : best),
    undefined,
  );
}

export function remember<T>(recent: T[], one: T): void {
  recent.push(one);
  if (recent.length > REMEMBERED) recent.shift();
}

function put(
  state: State,
  fact: JournalFact,
  definition: EventDefinition,
  subject: number,
  dimensions: Record<string, string>,
  measures: Record<string, number> | null = null,
): void {
  state.events.put({
    id: eventId('telemetry', fact.position, definition),
    subject,
    session: null,
    project: fact.project,
    at: fact.at,
    dimensions,
    measures,
  });
}
