import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { Source } from '../answers/source.ts';
import { status } from '../answers/status.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { type Paths, packagePath } from '../store/paths.ts';
import type { Tiers } from '../tiers.ts';
import type { Feed } from './feed.ts';
import { guard, tokenNeeded } from './guard.ts';
import { measuresText } from './measures.ts';
import { Pace } from './pace.ts';
import type { PageFile } from './page-files.ts';
import { type Described, NoSuchQuestion, wordsOf } from './questions.ts';
import { refused } from './refused.ts';
import { eventStream } from './stream.ts';

/** What the command line answers to words: JSON, one object or one a line. Rejects with the error that it would print. */
export type Answering = (words: readonly string[]) => Promise<string>;

export interface AppOptions {
  readonly paths: Paths;
  readonly tiers: Tiers;
  readonly version: string;
  readonly token: string;
  /** The port that is listened on; asked for with each request. */
  readonly port: () => number;
  readonly now: () => number;
  readonly answer: Answering;
  /** The commands that may be asked. */
  readonly described: readonly Described[];
  readonly feed: Feed;
  readonly files: ReadonlyMap<string, PageFile>;
  /** The share of one core that answers may take. */
  readonly share: number;
}

/** Errors that say that what is asked about is not there. */
const NOT_THERE = /_unknown$|^nothing_derived$|^not_in_ledger$/;

/**
 * The read-only surface: the page, what the command line answers under `/api/v1/`, events as they are derived, and measures. Data
 * are told to those alone who have the token.
 *
 * @example
 * const answer = await createApp(options).request('http://127.0.0.1:4777/healthz', { headers: { Host: '127.0.0.1:4777' } });
 */
export function createApp(options: AppOptions): Hono {
  const { described, feed, files, token, version, answer, port } = options;
  const app = new Hono();
  const pace = new Pace(options.share);
  app.use(guard(port));
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  for (const [path, { type, content }] of files) {
    app.get(path, (context) => context.body(new Uint8Array(content), 200, { 'Content-Type': type }));
  }
  app.use('/api/*', tokenNeeded(token));
  app.use('/metrics', tokenNeeded(token));
  app.get('/metrics', (context) => {
    return context.text(measures(options), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  app.get('/api/v1/openapi.json', (context) => {
    return context.body(readFileSync(packagePath('docs', 'openapi.json')), 200, { 'Content-Type': 'application/json' });
  });
  app.get('/api/v1/events', (context, next) => {
    return wantsStream(context) ? streamed(context, feed) : next();
  });
  app.get('/api/v1/*', async (context) => {
    const words = wordsOf(described, segmentsOf(context), context.req.queries());
    const text = await pace.turn(() => answer(words));
    if (text === null) return tooMany(context, 'Too many questions wait for an answer.');
    const isLines = text.indexOf('\n') !== text.length - 1;
    return context.body(text, 200, { 'Content-Type': isLines ? 'application/x-ndjson' : 'application/json' });
  });
  app.notFound((context) => {
    return context.json(refused('no_such_address', 'There is nothing here.', '/ or /api/v1/', context.req.path), 404);
  });
  app.onError((error, context) => {
    if (error instanceof NoSuchQuestion) {
      const { expected, found } = error;
      return context.json(refused('no_such_question', 'Nothing answers that.', expected, found), 404);
    }
    if (!(error instanceof ProjectorError)) throw error;
    const { code, message, expected, found, remedy, exitCode } = error;
    const known = NOT_THERE.test(code) ? 404 : exitCode === EXIT.usage ? 400 : 503;
    return context.json({ error: { code, message, expected, found, remedy } }, known);
  });
  return app;
}

function segmentsOf({ req }: Context): string[] {
  const rest = new URL(req.url).pathname.slice('/api/v1/'.length);
  try {
    return rest.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new NoSuchQuestion('a path in percent-encoding', rest);
  }
}

function wantsStream({ req }: Context): boolean {
  return (req.header('Accept') ?? '').includes('text/event-stream');
}

function streamed(context: Context, feed: Feed): Response {
  const stream = eventStream(feed, context.req.header('Last-Event-ID'));
  if (stream) return context.body(stream, 200, { 'Content-Type': 'text/event-stream' });
  return tooMany(context, 'Too many listen to events.');
}

function tooMany(context: Context, message: string): Response {
  context.header('Retry-After', '10');
  return context.json(refused('too_many', message, 'to be one of a few', 'no place'), 503);
}

function measures({ paths, tiers, now }: AppOptions): string {
  const source = Source.open(paths, tiers);
  try {
    return measuresText(source, status(paths, tiers, now()));
  } finally {
    source.close();
  }
}
