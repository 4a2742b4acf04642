import type { RebuildProgress } from '../pipeline/rebuild.ts';
import type { Context } from './context.ts';
import { bar, percent } from './format.ts';

const BAR_WIDTH = 30;
/** How often a line is written where there is no terminal. */
const PLAIN_STEP = 0.25;

/** Shows how far a rebuild is: a bar on a terminal, a plain line every quarter otherwise. */
export class Progress {
  readonly #context: Context;
  #said = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  show({ rows, total }: RebuildProgress): void {
    if (total === 0) return;
    const share = Math.min(1, rows / total);
    if (this.#context.isTerminal) {
      this.#context.err(`\r${bar(share, BAR_WIDTH).padEnd(BAR_WIDTH)} ${percent(share)} of ${total} rows `);
    } else if (share - this.#said >= PLAIN_STEP) {
      this.#said = share;
      this.#context.err(`${percent(share)} of ${total} rows\n`);
    }
  }

  done(): void {
    if (this.#context.isTerminal) this.#context.err('\r\u001b[K');
  }
}
