import {
  catchError,
  defer,
  delay,
  expand,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { Look, type LookOptions } from './look.ts';
import type { Delivery, Transport } from './sinks.ts';

/** Derived events are looked through this often at most, and so seldom that it takes one part in so many of the time. */
const SETTLE_EVERY_MS = 10_000;
const SETTLE_SHARE = 100;

/** Events that wait are looked for this often. */
const SEND_EVERY_MS = 5_000;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** Whatever a receiver asks for, it is tried again after so long. */
const LONGEST_WAIT_MS = 3_600_000;

/** A request that is under way when the run stops may end within this time. */
export const GRACE_MS = 3_000;

export interface ExportingOptions extends LookOptions {
  readonly transports: readonly Transport[];
  /** Emits whenever rows were committed. */
  readonly commits: Observable<unknown>;
  /** Told, once each, of what keeps a sink from sending. */
  readonly notice: (message: string) => void;
  /** Emits once when the run is to end, and to whoever comes later as well. */
  readonly stop: Observable<unknown>;
}

/**
 * Exports what is derived, beside a run, until it stops: settled events are taken in, and each sink sends its batches, one after
 * the other, at its own pace. Nothing is only in memory, so whatever fails is tried again, later or by the next run. Emits nothing.
 */
export function exporting(options: ExportingOptions): Observable<never> {
  const { transports, commits, stop } = options;
  const look = new Look(options);
  const noted = commits.pipe(
    tap(() => look.committed()),
    ignoreElements(),
    takeUntil(stop),
  );
  return merge(noted, settling(look, options), ...transports.map((transport) => sending(transport, look, options)));
}

function settling(look: Look, { settings, stop, notice }: ExportingOptions): Observable<never> {
  const everyMs = Math.min(SETTLE_EVERY_MS, settings.metricsEveryMs);
  const stopping = stop.pipe(take(1)).subscribe();
  const isStopped = () => stopping.closed;
  let said = '';
  return of(0).pipe(
    expand((waitMs) =>
      timer(waitMs).pipe(
        takeUntil(stop),
        switchMap(() => from(look.settle(isStopped))),
        map((busyMs) => Math.max(everyMs, busyMs * SETTLE_SHARE)),
        catchError(({ message }: Error) => {
          if (message !== said) notice(`Exports wait: ${message}`);
          said = message;
          return of(everyMs);
        }),
      ),
    ),
    ignoreElements(),
  );
}

/** Where a sink stands between two attempts. */
interface Pace {
  readonly waitMs: number;
  readonly failures: number;
  /** What was said of the last failure; what is said again is told once. */
  readonly said: string;
}

function sending(transport: Transport, look: Look, options: ExportingOptions): Observable<never> {
  const { settings, notice, stop } = options;
  const { sink, destination } = transport;
  const everyMs = sink === 'metrics' ? settings.metricsEveryMs : Math.min(SEND_EVERY_MS, settings.metricsEveryMs);
  const idle: Pace = { waitMs: everyMs, failures: 0, said: '' };

  const attempt = (pace: Pace): Observable<Pace> => {
    const batch = look.leaving(sink);
    if (batch === null) return of(idle);
    return delivered(transport, batch.payload, stop).pipe(
      map((delivery) => {
        if (!look.sent(batch, delivery)) return failed(pace, delivery);
        if (delivery.outcome !== 'accepted') notice(`${destination} refused ${batch.items} items: ${delivery.result}.`);
        return sink === 'metrics' ? idle : { ...idle, waitMs: 0 };
      }),
    );
  };

  const failed = ({ failures, said }: Pace, { result, afterMs }: Delivery): Pace => {
    if (result !== said) notice(`Nothing can be sent to ${destination}: ${result}. It waits.`);
    const backoff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    return { waitMs: Math.min(LONGEST_WAIT_MS, Math.max(backoff, afterMs ?? 0)), failures: failures + 1, said: result };
  };

  return of({ ...idle, waitMs: Math.min(SEND_EVERY_MS, everyMs) }).pipe(
    expand((pace) =>
      timer(pace.waitMs).pipe(
        takeUntil(stop),
        switchMap(() => defer(() => attempt(pace))),
        catchError((error: Error) => of(failed(pace, { outcome: 'failed', result: error.message, afterMs: null }))),
      ),
    ),
    ignoreElements(),
  );
}

/** One attempt. Some time after the run is to stop it is ended, and what came of it is not known then. */
function delivered(transport: Transport, payload: Uint8Array, stop: Observable<unknown>): Observable<Delivery> {
  const ending = new AbortController();
  return from(transport.deliver(payload, ending.signal)).pipe(
    takeUntil(stop.pipe(delay(GRACE_MS))),
    finalize(() => ending.abort()),
  );
}
