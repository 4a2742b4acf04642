import type { EventAnswer } from '../answers/events.ts';
import type { AsOf } from '../answers/source.ts';
import type { Problem } from '../errors.ts';

const TOKEN = 'ao-projector-token';

/** Something that was asked and not answered, with what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Takes the token from the address, where the next person to look at it, and whoever is sent it, does not see it any more.
 * Returns whether there was one.
 */
export function takeToken(): boolean {
  const given = tokenIn(location.hash);
  if (given === null) return false;
  keepToken(given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return true;
}

/** The token that a text carries, such as the address that the server printed; null where it carries none. */
export function tokenIn(text: string): string | null {
  return new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('token');
}

export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

/** What an answer says of itself. */
export interface Answered {
  /** The moment by which open and quiet are judged; milliseconds UTC. */
  readonly now: number;
  readonly as_of: AsOf;
}

type Hearing = (answer: Answered, signal: AbortSignal | undefined) => void;

let hear: Hearing = () => {};

/** Calls `hearing` with each answer that says what it rests on, and with the signal that it was asked with. */
export function hearAnswers(hearing: Hearing): void {
  hear = hearing;
}

export type Query = Readonly<Record<string, string | readonly string[] | null>>;

/** What the command line answers to these words; the options of `query` that are null are left out. Rejects with a {@link Refusal}. */
export async function ask<T>(words: readonly string[], query: Query = {}, signal?: AbortSignal): Promise<T> {
  const answer = await (await asked(words, query, signal)).json();
  if (answer.as_of) hear(answer, signal);
  return answer;
}

/** The same of answers that are one JSON object a line. */
export async function askLines<T>(words: readonly string[], query: Query = {}, signal?: AbortSignal): Promise<T[]> {
  const text = await (await asked(words, query, signal)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const NO_ANSWER: Problem = {
  code: 'no_answer',
  message: 'The server does not answer any more.',
  expected: '`ao-projector serve` to run',
  found: 'no answer',
  remedy: 'Start `ao-projector serve` again, and open the address that it prints.',
};

async function asked(words: readonly string[], query: Query, signal: AbortSignal | undefined): Promise<Response> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === null ? [] : [value].flat()) search.append(name, one);
  }
  const path = words.map(encodeURIComponent).join('/');
  return get(`/api/v1/${path}?${search}`, {}, signal);
}

async function get(path: string, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<Response> {
  const token = sessionStorage.getItem(TOKEN) ?? '';
  const authorization = token === '' ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers: { ...authorization, ...headers }, ...(signal && { signal }) }).catch(
    (error: unknown) => {
      throw signal?.aborted ? error : new Refusal(NO_ANSWER);
    },
  );
  if (response.ok) return response;
  const { error } = (await response.json()) as { error: Problem };
  throw new Refusal(error);
}

const AGAIN_MS = 1_000;

/** What is told of events as they are derived. */
export interface Listener {
  event(event: EventAnswer): void;
  /** Some may have been missed, and are not told any more. */
  reset(): void;
  /** Whether it is connected. */
  connected(is: boolean): void;
}

/** Listens to events until it is ended; a connection that is lost is made again, and goes on where it was. */
export async function listen(listener: Listener, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  while (!signal.aborted) {
    try {
      const headers = { Accept: 'text/event-stream', ...(last !== null && { 'Last-Event-ID': last }) };
      const { body } = await get('/api/v1/events', headers, signal);
      listener.connected(true);
      for await (const { id, kind, data } of messages(body!)) {
        if (id !== '') last = id;
        if (kind === 'reset') listener.reset();
        else if (data !== '') listener.event(JSON.parse(data));
      }
    } catch (error) {
      if (!signal.aborted && error instanceof Refusal && error.problem.code === 'token_needed') throw error;
    }
    listener.connected(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

interface Message {
  readonly id: string;
  readonly kind: string;
  readonly data: string;
}

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) yield messageOf(part);
  }
}

function messageOf(part: string): Message {
  const fields = new Map(
    part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.replace(/^\w*: ?/, '')]),
  );
  return { id: fields.get('id') ?? '', kind: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
}
