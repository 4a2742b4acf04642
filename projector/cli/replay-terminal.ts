import { createInterface, type Interface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { EventAnswer } from '../answers/events.ts';
import { type FillingStep, reachedAt } from '../replay/filling.ts';
import type { Stage } from '../replay/playback.ts';
import { printLine } from './events.ts';
import { time } from './format.ts';

/** Events one a line, and on a terminal below them, all the while, how far the history has come and the funnel has filled. */
export class Terminal implements Stage {
  readonly clock = () => performance.now();
  readonly #out: (text: string) => void;
  readonly #steps: readonly FillingStep[];
  readonly #stop: AbortSignal;
  readonly #redraws = process.stdout.isTTY === true;
  #input: Interface | null = null;
  #lines: AsyncIterator<string> | null = null;
  #line = '';

  constructor(out: (text: string) => void, steps: readonly FillingStep[], stop: AbortSignal) {
    this.#out = out;
    this.#steps = steps;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#input?.close());
  }

  async wait(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.#stop }).catch(() => {});
  }

  async next(): Promise<boolean> {
    this.#input ??= createInterface({ input: process.stdin });
    this.#lines ??= this.#input[Symbol.asyncIterator]();
    return (await this.#lines.next()).done !== true;
  }

  isStopped(): boolean {
    return this.#stop.aborted;
  }

  events(events: readonly EventAnswer[]): void {
    this.#erase();
    this.#out(events.map(printLine).join(''));
    this.#draw();
  }

  time(at: number): void {
    this.#erase();
    this.#line = `${time(at)}  ${printFilling(this.#steps, at)}`;
    this.#draw();
  }

  close(): void {
    this.#input?.close();
    this.#out(this.#redraws || this.#line === '' ? '\n' : `${this.#line}\n`);
  }

  #erase(): void {
    if (this.#redraws) this.#out('\r\u001b[K');
  }

  #draw(): void {
    if (this.#redraws) this.#out(this.#line.slice(0, (process.stdout.columns ?? 80) - 1));
  }
}

/** How often each step was reached by a time, in one line. */
function printFilling(steps: readonly FillingStep[], at: number): string {
  const reached = reachedAt(steps, at);
  return steps.map(({ event }, index) => `${event.replace(/^ao\.(session\.)?/, '')} ${reached[index]}`).join(' › ');
}
