import type { ChangeFact, JournalFact } from '../../projections/facts.ts';
import type { Keys } from '../host/keys.ts';

/** Which sessions and PRs a window touches: those of its facts, the PRs that these sessions owned, and whoever owned those. */
export class Touched {
  readonly #keys: Keys;
  readonly #since: number;
  readonly #sessions = new Set<string>();
  readonly #pulls = new Set<string>();
  readonly #hashes = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #pullsOf = new Map<string, Set<string>>();
  readonly #ownersOf = new Map<string, Set<string>>();
  #firstSeq = Number.MAX_SAFE_INTEGER;

  /** @param since milliseconds UTC */
  constructor(keys: Keys, since: number) {
    this.#keys = keys;
    this.#since = since;
  }

  /** First row with a time in the window. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  seeJournal({ at, session }: JournalFact): void {
    if (at >= this.#since && session !== null) this.#hashes.add(session);
  }

  see(fact: ChangeFact): void {
    const isWithin = fact.at >= this.#since;
    if (isWithin) this.#firstSeq = Math.min(this.#firstSeq, fact.seq);
    const session = sessionOf(fact);
    const url = urlOf(fact);
    if (session !== null) {
      this.#seen.add(session);
      if (isWithin) this.#sessions.add(session);
    }
    if (url !== null && isWithin) this.#pulls.add(url);
    if (session !== null && url !== null) {
      add(this.#pullsOf, session, url);
      add(this.#ownersOf, url, session);
    }
  }

  /** Says that everything was seen: now is known what goes with what. */
  close(): void {
    if (this.#hashes.size > 0) {
      for (const id of this.#seen) if (this.#hashes.has(this.#keys.session(id))) this.#sessions.add(id);
    }
    for (let size = -1; size !== this.#sessions.size + this.#pulls.size; ) {
      size = this.#sessions.size + this.#pulls.size;
      for (const session of this.#sessions) for (const url of this.#pullsOf.get(session) ?? []) this.#pulls.add(url);
      for (const url of this.#pulls) for (const session of this.#ownersOf.get(url) ?? []) this.#sessions.add(session);
    }
    for (const id of this.#sessions) this.#hashes.add(this.#keys.session(id));
  }

  has(fact: ChangeFact): boolean {
    if (fact.at >= this.#since) return true;
    const session = sessionOf(fact);
    const url = urlOf(fact);
    return (session !== null && this.#sessions.has(session)) || (url !== null && this.#pulls.has(url));
  }

  hasHash(session: string): boolean {
    return this.#hashes.has(session);
  }
}

function sessionOf(fact: ChangeFact): string | null {
  if ('session' in fact) return fact.session;
  return fact.type === 'pr_session_changed' ? fact.toSession : null;
}

function urlOf(fact: ChangeFact): string | null {
  return 'url' in fact ? fact.url : null;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}
