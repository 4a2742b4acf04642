import {
  BehaviorSubject,
  catchError,
  debounceTime,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  type Observable,
  retry,
  Subject,
  share,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { sqliteCode } from '../errors.ts';
import { isTransient } from '../host/host-database.ts';
import type { TriggersSeen, TriggersState } from '../host/trigger-state.ts';
import { HEARTBEAT_MS } from '../store/lease.ts';
import { dueBefore, lastPruning } from '../store/pruning.ts';
import type { Store } from '../store/store.ts';
import { rebuildInBackground } from './background-rebuild.ts';
import { DailyVerification } from './daily-verification.ts';
import { StaleTables } from './engine.ts';
import { type Cycle, Live } from './live.ts';
import { RebuildRequests } from './rebuild-requests.ts';
import { mayPass } from './wait-for-host.ts';
import { type Pace, wakeUps } from './wake-ups.ts';

/** A daemon that starts runs its migrations one after the other, and a write of ours between two steps could stop them. */
const SCHEMA_SETTLED_MS = 3_000;

/** How often it is asked whether the tables should be verified. */
const VERIFICATION_ASKED_MS = 5_000;
/** What is due to be pruned is looked for this often. */
const PRUNE_EVERY_MS = 86_400_000;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

interface Rebuild {
  /** Number of the request that it answers; null for none. */
  readonly request: number | null;
  /** Prunes facts before this time. */
  readonly factsBefore?: number;
}

export interface RunOptions {
  readonly store: Store;
  /** Number of the derived file to go on with. */
  readonly number: number;
  readonly now: () => number;
  /** How long facts are kept in the journal, in milliseconds. */
  readonly retention: number;
  /** Told, once each, of what keeps the tail waiting and of what it does beside tailing. */
  readonly notice: (message: string) => void;
  /** Told of the state of our triggers, at first and after every change of the schema, once that has come to rest. */
  readonly onTriggers: (state: TriggersState) => void;
  /** Ends the run. */
  readonly stop: Observable<unknown>;
}

/**
 * Tails the host database until it is told to stop. Emits what each commit took in; fails with what no waiting can mend.
 * Everything is committed when it completes.
 */
export function run({ store, number, now, retention, notice, onTriggers, stop }: RunOptions): Observable<Cycle> {
  const live = new Live(store, number, now);
  const requests = new RebuildRequests(store.analytics);
  const verifications = new DailyVerification(store);
  requests.failInterrupted();
  const pace = new BehaviorSubject<Pace>('busy');
  const rebuilds = new Subject<Rebuild>();
  let waitingFor = '';
  let marked = 0;
  const schemas = new Subject<TriggersSeen>();
  let prunedAt = lastPruning(store.analytics, store.history)?.prunedAt ?? 0;
  const mark = () => {
    store.markHistory(live.derived.change);
    marked = live.derived.change.position;
  };

  const pruneIfDue = () => {
    if (now() - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = now();
    const factsBefore = dueBefore(store.analytics, now() - retention);
    if (factsBefore !== null) rebuilds.next({ request: null, factsBefore });
  };

  /** What the tail waits for may never come, and whoever asked for a rebuild is not to wait with it. */
  const refuse = (reason: string) => {
    for (let asked = requests.next(); asked !== null; asked = requests.next()) {
      requests.report(asked, 'failed', { rows: 0, total: 0 }, reason);
    }
  };

  const cycles = defer(() => {
    live.reopen();
    return wakeUps(pace, store.paths.host);
  }).pipe(
    map(() => live.cycle()),
    tap((cycle) => {
      waitingFor = '';
      pace.next(cycle.pace);
      if (live.triggers !== null) schemas.next(live.triggers);
      const asked = requests.next();
      if (asked !== null) rebuilds.next({ request: asked });
      if (cycle.pace === 'quiet') pruneIfDue();
    }),
    retry({
      resetOnSuccess: true,
      delay: (error: unknown, count: number) => {
        if (error instanceof StaleTables) rebuilds.next({ request: null });
        else if (!mayPass(error) && sqliteCode(error) !== 'SQLITE_FULL') return throwError(() => error);
        const message = (error as Error).message;
        if (!(error instanceof StaleTables) && !isTransient(error)) refuse(message);
        if (message !== waitingFor) notice(`Waiting: ${message}`);
        waitingFor = message;
        return timer(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (count - 1)));
      },
    }),
    filter(({ rows }) => rows > 0),
  );

  const rebuilding = rebuilds.pipe(
    exhaustMap(({ request, factsBefore }) => {
      const file = store.nextNumber();
      const forgotten = store.toLeaveOut();
      const leftOut = factsBefore === undefined ? forgotten : { ...forgotten, factsBefore };
      let progress = { rows: 0, total: 0 };
      let isCurrent = false;
      const report = (state: 'running' | 'done' | 'failed', error: string | null = null) => {
        if (request !== null) requests.report(request, state, progress, error);
      };
      notice(factsBefore === undefined ? 'Rebuilding in the background.' : 'Pruning the journal.');
      report('running');
      return rebuildInBackground(store, file, leftOut).pipe(
        tap({
          next: (step) => {
            progress = step;
            report('running');
          },
          complete: () => {
            live.swap(file, leftOut);
            isCurrent = true;
            mark();
            store.finishErasing();
            report('done');
            notice('The rebuilt tables are current now.');
          },
        }),
        catchError((error: Error) => {
          const failed = isCurrent
            ? `The rebuilt tables are current now. ${error.message}`
            : `The rebuild failed, and the present tables stay as they are: ${error.message}`;
          report('failed', failed);
          notice(failed);
          return EMPTY;
        }),
      );
    }),
    ignoreElements(),
  );

  const watching = schemas.pipe(
    distinctUntilChanged((one, other) => one.schemaCookie === other.schemaCookie && one.state === other.state),
    debounceTime(SCHEMA_SETTLED_MS),
    tap(({ state }) => onTriggers(state)),
    ignoreElements(),
  );

  const heartbeats = interval(HEARTBEAT_MS).pipe(
    tap(() => {
      store.lease.beat(now());
      if (live.derived.change.position !== marked) mark();
    }),
    ignoreElements(),
  );

  const verifying = interval(VERIFICATION_ASKED_MS).pipe(
    filter(() => pace.value === 'quiet' && verifications.isDue(now())),
    exhaustMap(() => verifications.verify(now())),
    tap((found) => notice(found)),
    ignoreElements(),
  );

  return merge(watching, cycles, rebuilding, verifying, heartbeats).pipe(
    takeUntil(stop),
    finalize(() => {
      mark();
      live.close();
    }),
    share(),
  );
}
