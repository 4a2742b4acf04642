import { changeSpan } from '../../projections/span.ts';
import { EVENTS, eventCode, eventPosition, firstEventId, isOfTelemetry } from '../../projections/vocabulary.ts';
import { digest, type Source } from '../answers/source.ts';
import type { Keys } from '../host/keys.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import { readState } from '../store/derived/read-state.ts';
import type { DailyName } from './allowlist.ts';
import { type Consent, consents, covers } from './consent.ts';
import { Settled, saidDigest, settledDayKey, settledKey } from './settled.ts';
import { type Clocks, isDaySettled, isSettled, SETTLES_MS } from './settling.ts';
import { TakeIn, type TakeInOptions } from './take-in.ts';

const PAGE_ROWS = 2_000;
const DAY_MS = 86_400_000;

export interface SettleOptions extends TakeInOptions {
  /** Milliseconds UTC. */
  readonly now: number;
  /** For how long nothing was read, in milliseconds. */
  readonly quietMs: number;
}

/**
 * Looks through the derived events that are consented to, and takes in once and for all each that has settled, in one
 * transaction a page. Yields after each page, so that others get their turn.
 */
export function* settle(options: SettleOptions): Generator<void> {
  const { analytics, source } = options;
  const pass = new Pass(options);
  const rows = source.derived.prepare<[number, number], EventRow>(
    'SELECT * FROM event WHERE id >= ? ORDER BY id LIMIT ?',
  );
  for (let from: number | null = pass.from; from !== null; ) {
    const page: EventRow[] = rows.all(from, PAGE_ROWS);
    const to: number = page.length < PAGE_ROWS ? Number.MAX_SAFE_INTEGER : page.at(-1)!.id;
    const [first, last] = [from, to];
    analytics.transaction(() => pass.page(page, first, last)).immediate();
    from = page.length < PAGE_ROWS ? null : to + 1;
    yield;
  }
  analytics.transaction(() => pass.days()).immediate();
}

interface DayRow {
  readonly day: number;
  readonly name: DailyName;
  readonly command: string;
  readonly actor: string;
  readonly count: number;
}

/** One look at everything. */
class Pass {
  readonly #options: SettleOptions;
  readonly #consents: readonly Consent[];
  readonly #clocks: Clocks;
  readonly #settled: Settled;

  constructor(options: SettleOptions) {
    this.#options = options;
    this.#consents = consents(options.analytics);
    this.#clocks = clocksOf(options);
    this.#settled = new Settled(options.analytics);
  }

  /** The first row id that an event may have which is consented to. */
  get from(): number {
    const { history } = this.#options.source;
    const positions = this.#consents.map((consent) =>
      consent.history === history ? Math.min(consent.changeLog, consent.telemetry) : 0,
    );
    return firstEventId(Math.min(...positions) + 1);
  }

  /** The events with row ids between two, both inclusive. What is to be forgotten by now is looked up in this transaction. */
  page(rows: readonly EventRow[], from: number, to: number): void {
    const takeIn = new TakeIn(this.#options);
    const known = this.#settled.between(from, to);
    for (const row of rows) {
      const key = settledKey(row);
      const before = key === row.id ? known.get(key) : this.#settled.digest(key);
      known.delete(row.id);
      if (before === undefined) this.#takeIfSettled(row, key, takeIn);
      else if (before !== saidDigest(row)) this.#settled.revise(key, saidDigest(row));
    }
    for (const [key, before] of known) if (before !== 0 && !this.#isLeftOut(key)) this.#settled.revise(key, 0);
  }

  /** The counts of days that are complete. */
  days(): void {
    const { source, now } = this.#options;
    const takeIn = new TakeIn(this.#options);
    const rows = source.derived.prepare<[], DayRow>('SELECT day, name, command, actor, count FROM daily_count').all();
    for (const row of rows) {
      const [from, to] = [row.day * DAY_MS, (row.day + 1) * DAY_MS];
      const covering = this.#consents.filter(({ since }) => from >= since);
      if (covering.length === 0 || !isDaySettled(to, this.#clocks, now)) continue;
      const id = digest(source.historyId, row.name, String(row.day), row.command, row.actor);
      const key = settledDayKey(id);
      const before = this.#settled.digest(key);
      if (before !== undefined) this.#settled.revise(key, row.count);
      else {
        this.#settled.add(key, row.count);
        takeIn.day({ ...row, id, from, to }, covering);
      }
    }
  }

  #takeIfSettled(row: EventRow, key: number, takeIn: TakeIn): void {
    const { id, at } = row;
    const covering = this.#consents.filter((consent) => covers(consent, row, this.#options.source.history));
    if (covering.length === 0) return;
    const stream = isOfTelemetry(id) ? 'telemetry' : 'change_log';
    if (!isSettled({ stream, at, isEnd: eventCode(id) === EVENTS.killed.code }, this.#clocks)) return;
    this.#settled.add(key, saidDigest(row));
    takeIn.event(fromRow(row), covering);
  }

  /** Whether an event is gone because something was forgotten or pruned: that revises nothing. */
  #isLeftOut(id: number): boolean {
    const { analytics, source } = this.#options;
    if (!isOfTelemetry(id)) return source.leftOut.sessions.length + source.leftOut.projects.length > 0;
    return analytics.prepare('SELECT 1 FROM journal WHERE position = ?').get(eventPosition(id)) === undefined;
  }
}

function clocksOf({ source, keys, quietMs }: { source: Source; keys: Keys; quietMs: number }): Clocks {
  const state = readState(source.derived, keys);
  const change_log = changeSpan(state).newest;
  const settledBefore = quietMs >= SETTLES_MS ? Number.MAX_SAFE_INTEGER : (change_log ?? 0) - SETTLES_MS;
  const lastStart = source.derived
    .prepare<[number], number | null>("SELECT max(at) FROM mark WHERE kind IN ('recorded', 'seen') AND at <= ?")
    .pluck();
  return {
    change_log,
    telemetry: state.progress.telemetrySpan.newest,
    quietMs,
    lastStartAt: lastStart.get(settledBefore) ?? null,
  };
}
