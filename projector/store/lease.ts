import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { EXIT, ProjectorError } from '../errors.ts';
import { isAlive } from '../host/process-alive.ts';

/** A holder that has not been heard of for so long is not running, whoever has its pid now. */
const STALE_MS = 60_000;

export const HEARTBEAT_MS = 10_000;

export interface LeaseRow {
  readonly pid: number;
  readonly token: string;
  readonly since: number;
  readonly heartbeatAt: number;
}

/**
 * The right to write derived files. One process holds it at a time and says so every {@link HEARTBEAT_MS}; that of a dead
 * process is taken over. The token stands in the derived file too, so that a holder that was asleep for too long cannot
 * commit after another has taken over.
 */
export class Lease {
  readonly token = randomUUID();
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /** Takes the lease; throws, with exit code 3, while another process holds it. */
  static take(db: Database, pid: number, now: number): Lease {
    const lease = new Lease(db);
    const take = db.transaction(() => {
      const holder = readLease(db);
      if (holder && isHeld(holder, pid, now)) throw heldBy(holder, now);
      db.prepare('INSERT OR REPLACE INTO lease (id, pid, token, since, heartbeat_at) VALUES (1, ?, ?, ?, ?)').run(
        pid,
        lease.token,
        now,
        now,
      );
    });
    take.immediate();
    return lease;
  }

  /** Says that the holder is alive; throws when another process has taken over. */
  beat(now: number): void {
    const { changes } = this.#db
      .prepare('UPDATE lease SET heartbeat_at = ? WHERE id = 1 AND token = ?')
      .run(now, this.token);
    if (changes === 0) throw leaseLost();
  }

  release(): void {
    this.#db.prepare('DELETE FROM lease WHERE id = 1 AND token = ?').run(this.token);
  }
}

/** The lease as it stands, or null. */
export function readLease(db: Database): LeaseRow | null {
  const row = db
    .prepare<[], LeaseRow>('SELECT pid, token, since, heartbeat_at AS heartbeatAt FROM lease WHERE id = 1')
    .get();
  return row ?? null;
}

/** Whether the holder of a lease is running. */
export function isHeld(holder: LeaseRow, pid: number, now: number): boolean {
  if (holder.pid === pid) return false;
  return isAlive(holder.pid) && now - holder.heartbeatAt < STALE_MS;
}

/** The error of a process that was taken for dead. */
export function leaseLost(): ProjectorError {
  return new ProjectorError(
    {
      code: 'lease_lost',
      message: 'Another ao-projector has taken over.',
      expected: 'to be the only process that writes derived tables',
      found: 'another token in the lease',
      remedy:
        'This process was not heard of for too long (the machine slept?). Nothing is lost: start it again if the other has stopped.',
    },
    EXIT.anotherInstance,
  );
}

function heldBy(holder: LeaseRow, now: number): ProjectorError {
  const seconds = Math.max(0, Math.round((now - holder.heartbeatAt) / 1000));
  return new ProjectorError(
    {
      code: 'another_instance',
      message: `ao-projector is already running here (pid ${holder.pid}, since ${new Date(holder.since).toISOString()}).`,
      expected: 'no other process that writes derived tables',
      found: `pid ${holder.pid}, last heard of ${seconds} s ago`,
      remedy: 'Use the one that runs, or stop it first.',
    },
    EXIT.anotherInstance,
  );
}
