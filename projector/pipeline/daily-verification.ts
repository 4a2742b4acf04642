import { spawn } from 'node:child_process';
import { Observable } from 'rxjs';
import { packagePath } from '../store/paths.ts';
import type { Store } from '../store/store.ts';
import { lastVerification } from '../store/verifications.ts';

const DAY_MS = 86_400_000;

/** Verifies the tables of a store once a day, in a process of its own that lets all others go first. */
export class DailyVerification {
  readonly #store: Store;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether the tables have stood for a day since they were made or verified; one that failed is not tried again that day. */
  isDue(now: number): boolean {
    const { analytics } = this.#store;
    if (now - this.#triedAt < DAY_MS) return false;
    const madeAt = analytics.prepare<[], number>('SELECT made_at FROM derived_file').pluck().get() ?? now;
    return now - Math.max(madeAt, lastVerification(analytics)?.at ?? 0) >= DAY_MS;
  }

  /**
   * Runs `verify`, which remembers how it ended. Emits a sentence where the tables are not what they should be; who stops
   * listening stops it.
   */
  verify(now: number): Observable<string> {
    this.#triedAt = now;
    const { paths, analytics } = this.#store;
    return new Observable((subscriber) => {
      const before = lastVerification(analytics)?.at;
      const env = { ...process.env, AO_DATA_DIR: paths.dataDir, AO_RUN_FILE: paths.runFile };
      const command = [packagePath('dist', 'projector', 'cli', 'main.js'), 'verify'];
      const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      child.on('error', (error) => {
        said = error.message;
      });
      child.on('close', () => {
        if (subscriber.closed) return;
        const last = lastVerification(analytics);
        if (last === null || last.at === before) subscriber.next(`The tables could not be verified. ${said.trim()}`);
        else if (!last.identical) subscriber.next(DIFFERENT);
        subscriber.complete();
      });
      return () => void child.kill();
    });
  }
}

const DIFFERENT =
  'The tables are not what a rebuild makes of the same facts. `ao-projector verify` shows the first difference; `ao-projector rebuild` makes them anew.';
