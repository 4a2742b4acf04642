import { Worker } from 'node:worker_threads';
import { Observable } from 'rxjs';
import type { LeftOut } from '../host/left-out.ts';
import type { Store } from '../store/store.ts';
import type { RebuildProgress } from './rebuild.ts';
import type { RebuildOrder } from './rebuild-worker.ts';

/**
 * Fills a new derived file in a thread of its own, while live commits go on. Completes when the file is whole; who stops
 * listening stops the work, and the next start clears away what it left.
 */
export function rebuildInBackground(store: Store, number: number, leftOut: LeftOut): Observable<RebuildProgress> {
  const order: RebuildOrder = {
    dataDir: store.paths.dataDir,
    number,
    history: store.history,
    token: store.lease.token,
    leftOut,
    events: store.identities !== null,
  };
  return new Observable((subscriber) => {
    const worker = new Worker(new URL('./rebuild-worker.js', import.meta.url), { workerData: order });
    worker.on('message', (progress: RebuildProgress) => subscriber.next(progress));
    worker.on('error', (error) => subscriber.error(error));
    worker.on('exit', (code) => {
      if (code === 0) subscriber.complete();
      else subscriber.error(new Error(`The rebuild stopped with code ${code}.`));
    });
    return () => void worker.terminate();
  });
}
