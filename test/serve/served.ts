import type { Hono } from 'hono';
import { answering, describedQuestions } from '../../projector/cli/answering.ts';
import type { Context } from '../../projector/cli/context.ts';
import { type AppOptions, createApp } from '../../projector/serve/app.ts';
import { Feed } from '../../projector/serve/feed.ts';
import type { Described } from '../../projector/serve/questions.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import type { Tiers } from '../../projector/tiers.ts';
import { placesIn } from '../support/processes.ts';

export const TOKEN = 'the-token-of-the-tests';
export const PORT = 4777;
export const HOST = `127.0.0.1:${PORT}`;

/** The surface over a data directory, asked without a socket. */
export class Served {
  readonly app: Hono;
  readonly feed: Feed;
  readonly described: readonly Described[];
  readonly options: AppOptions;

  constructor(dataDir: string, tiers: Tiers, now: number) {
    const paths = pathsOf(placesIn(dataDir));
    const context: Context = {
      ...{ env: {}, paths, tiers, now: () => now, pid: process.pid, freeSpace: () => null, isTerminal: false },
      ...{ out: () => {}, write: () => {}, err: () => {}, readNamed: () => null },
    };
    this.feed = new Feed(paths, tiers);
    this.described = describedQuestions(context);
    this.options = {
      ...{ paths, tiers, version: '0.0.0', token: TOKEN, port: () => PORT, now: () => now, feed: this.feed },
      ...{ answer: answering(context), described: this.described, files: new Map(), share: 1 },
    };
    this.app = createApp(this.options);
  }

  /** Asks as the page does; `headers` are added, and those that are null left out. */
  async get(path: string, headers: Readonly<Record<string, string | null>> = {}, method = 'GET'): Promise<Response> {
    const all = { Host: HOST, Authorization: `Bearer ${TOKEN}`, ...headers };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    return this.app.request(`http://${HOST}${path}`, { method, headers: sent });
  }

  close(): void {
    this.feed.close();
  }
}
