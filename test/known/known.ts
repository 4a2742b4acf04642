import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import SQLite from 'better-sqlite3';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { telemetryRowids } from '../support/derived-events.ts';
import { placesIn } from '../support/processes.ts';
import { writeKnown } from './write.ts';

/** The three moments of the working. */
export const NOW = '2026-06-14T23:59:59Z';
export const LATER = '2026-07-10T00:00:00Z';
export const AFTER = '2026-07-15T00:00:00Z';

/** A time of June 2026, as the working writes it: `june('05 09:00:00.050')`. */
export const june = (dayAndTime: string): number => Date.parse(`2026-06-${dayAndTime.replace(' ', 'T')}Z`);

export const seconds = (count: number): number => Math.round(count * 1000);

/** The history with known answers, rebuilt before the tests of a file, to be asked as on the command line. */
export class Known {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'ao-projector-known-'));
  readonly paths = pathsOf(placesIn(this.folder));

  constructor() {
    beforeAll(() => {
      writeKnown(this.folder);
    });
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** The JSON that a command answers with. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests are about
  ask(...words: string[]): any {
    return JSON.parse(this.#run(words));
  }

  /** The JSON lines that `events` answers with, oldest first. */
  events(...words: string[]): EventAnswer[] {
    return this.#run(['events', ...words])
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  /** The row that made an event, by its number in the history. What was observed has none. */
  rowOf({ cause_stream, cause_position }: EventAnswer): string {
    if (cause_stream === 'change_log') return `c${cause_position}`;
    return this.#telemetry().get(cause_position) ?? 'observed';
  }

  /** Rows of the events of one name, in their order. */
  rows(name: string): string[] {
    return this.events('--name', name).map((event) => this.rowOf(event));
  }

  #run(words: readonly string[]): string {
    return answerOf(this.folder, EVENTS_TIER, Date.parse(NOW), [...words, '--json']);
  }

  #numbers: Map<number, string> | null = null;

  /** Positions of the journal to numbers of the history. */
  #telemetry(): Map<number, string> {
    if (this.#numbers) return this.#numbers;
    const host = new SQLite(this.paths.host, { readonly: true });
    const analytics = new SQLite(this.paths.analytics, { readonly: true });
    const rowids = telemetryRowids(host, this.paths.key);
    const journal = analytics
      .prepare<[], { position: number; identity: string }>('SELECT position, identity FROM journal')
      .all();
    this.#numbers = new Map(
      journal.flatMap(({ position, identity }) => {
        const rowid = rowids.get(identity);
        return rowid === undefined ? [] : [[position, `t${rowid}`] as const];
      }),
    );
    host.close();
    analytics.close();
    return this.#numbers;
  }
}

/** `c24 c25` */
export const words = (text: string): string[] => text.split(' ');
