import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { SCRATCH_PROJECT } from '../../projections/facts.ts';

/** A map that forgets everything when it is full. */
const MAX_CACHED = 4096;

/**
 * Keyed hashes (HMAC-SHA-256 under the local key) that stand for ids and texts everywhere outside the identity table. The kind
 * of id is part of what is hashed, so a project and a session of one name have nothing in common.
 */
export class Keys {
  readonly #key: KeyObject;
  readonly #projects = new Map<string, number>();

  /** @param key the 32 bytes of the local key */
  constructor(key: Buffer) {
    this.#key = createSecretKey(key);
  }

  /** The local key, for another thread of this process. */
  get secret(): Buffer {
    return this.#key.export();
  }

  /** Key of a project: an integer of 48 bits. The project that the daemon seeds itself is always {@link SCRATCH_PROJECT}. */
  project(id: string): number {
    const cached = this.#projects.get(id);
    if (cached !== undefined) return cached;
    const key = id === 'scratch' ? SCRATCH_PROJECT : Number.parseInt(this.#hmac('project', id).slice(0, 12), 16);
    if (this.#projects.size >= MAX_CACHED) this.#projects.clear();
    this.#projects.set(Buffer.from(id).toString(), key);
    return key;
  }

  /** Hash of a session id, without its incarnation; 32 hex digits. */
  session(id: string): string {
    return this.#hmac('session', id).slice(0, 32);
  }

  /** Hash of a PR's URL; 32 hex digits. */
  pull(url: string): string {
    return this.#hmac('pr', url).slice(0, 32);
  }

  /** Hash of the install's id, for whoever is told of it elsewhere; 32 hex digits. */
  install(id: string): string {
    return this.#hmac('install', id).slice(0, 32);
  }

  /**
   * Identity of a telemetry row, from its id; 32 hex digits. The ids that our triggers make hold those of projects and
   * sessions, which could be guessed at without the key.
   */
  telemetry(id: string): string {
    return this.#hmac('telemetry', id).slice(0, 32);
  }

  /** Digest of a text that must be told from others and never be stored; 16 hex digits. */
  digest(text: string): string {
    return this.#hmac('text', text).slice(0, 16);
  }

  #hmac(kind: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${kind}\0${text}`).digest('hex');
  }
}
