import { OBSERVED } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import { isAlive } from './process-alive.ts';
import { readRunFile } from './run-file.ts';
import type { NewFact } from './telemetry.ts';

interface Seen {
  readonly pid: number;
  readonly startedAt: Instant;
  readonly alive: boolean;
}

/**
 * Watches the run file for what no stream carries: that a daemon is up, that it took its file away, and that it left the file
 * behind when it died. Each is a fact once for each daemon, whoever looks how often.
 */
export class DaemonWatch {
  readonly #path: string;
  readonly #now: () => number;
  readonly #isAlive: (pid: number) => boolean;
  #seen: Seen | null = null;

  constructor(path: string, now: () => number, alive = isAlive) {
    this.#path = path;
    this.#now = now;
    this.#isAlive = alive;
  }

  /** What has happened since the last look. */
  look(): NewFact[] {
    const before = this.#seen;
    const run = readRunFile(this.#path);
    if (!run?.startedAt) {
      this.#seen = null;
      return before?.alive ? [fact(OBSERVED.daemonStopped, before, { at: this.#now(), nanos: 0 })] : [];
    }
    const { pid, startedAt } = run;
    const now = { pid, startedAt, alive: this.#isAlive(pid) };
    const isSame = before?.pid === pid && before.startedAt.at === startedAt.at;
    if (isSame && before.alive === now.alive) return [];
    this.#seen = now;
    return [fact(now.alive ? OBSERVED.daemonStarted : OBSERVED.daemonLeft, now, startedAt)];
  }
}

function fact(name: string, { pid, startedAt }: Seen, { at, nanos }: Instant): NewFact {
  const identity = `${name.slice('observed.'.length)}:${startedAt.at}:${pid}`;
  return { identity, name, at, nanos, project: null, session: null, data: {} };
}
