import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { auditTime, catchError, distinctUntilChanged, EMPTY, interval, merge, Observable, switchMap } from 'rxjs';

/**
 * How the tail waits for the next look. `behind`: not at all, rows are waiting. `busy`: rows came lately, so a cheap poll, and
 * no file watch, which would slow the writer and miss commits. `quiet`: a slow poll, and a watch that wakes it.
 */
export type Pace = 'behind' | 'busy' | 'quiet';

const BUSY_POLL_MS = 20;
const QUIET_POLL_MS = 1_000;

/** A daemon that stops checkpoints its WAL and removes it; whoever looks in the middle of that keeps it from doing so. */
const WRITE_SETTLED_MS = 50;

/** Emits whenever the host database is to be looked at, at the pace that was last said. */
export function wakeUps(pace: Observable<Pace>, hostPath: string): Observable<unknown> {
  return pace.pipe(
    distinctUntilChanged(),
    switchMap((now) => {
      if (now === 'behind') return interval(0);
      if (now === 'busy') return interval(BUSY_POLL_MS);
      return merge(interval(QUIET_POLL_MS), fileEvents(hostPath).pipe(auditTime(WRITE_SETTLED_MS)));
    }),
  );
}

/** Emits when the file system reports a write to the database or its WAL. Where it cannot be watched, the poll is enough. */
function fileEvents(hostPath: string): Observable<void> {
  const name = basename(hostPath);
  return new Observable<void>((subscriber) => {
    const watcher = watch(dirname(hostPath), (_, file) => {
      if (file === name || file === `${name}-wal`) subscriber.next();
    });
    watcher.on('error', (error) => subscriber.error(error));
    return () => watcher.close();
  }).pipe(catchError(() => EMPTY));
}
