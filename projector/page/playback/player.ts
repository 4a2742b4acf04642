import { type Span, within } from './span.ts';

/** Where playback is, and whether it goes on by itself. */
export class Player {
  readonly #span: Span;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  #at: number;
  #isPlaying = false;
  /** Milliseconds that pass in a second. */
  speed: number;

  /** `changed` is called whenever the moment is another one, or playing begins or ends. */
  constructor(span: Span, at: number, speed: number, changed: () => void, signal: AbortSignal) {
    this.#span = span;
    this.#at = within(span, at);
    this.speed = speed;
    this.#changed = changed;
    this.#signal = signal;
  }

  /** Milliseconds UTC. */
  get at(): number {
    return Math.floor(this.#at);
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  seek(at: number): void {
    this.#at = within(this.#span, at);
    this.#changed();
  }

  /** Plays on, from the beginning where it has come to the end. */
  play(): void {
    if (this.#isPlaying) return;
    if (this.#at >= this.#span.to) this.#at = this.#span.from;
    this.#isPlaying = true;
    let before: number | null = null;
    const tick = (time: number) => {
      if (!this.#isPlaying || this.#signal.aborted) return;
      const passed = before === null ? 0 : ((time - before) / 1_000) * this.speed;
      before = time;
      if (this.#at + passed >= this.#span.to) this.#isPlaying = false;
      else requestAnimationFrame(tick);
      this.seek(this.#at + passed);
    };
    requestAnimationFrame(tick);
    this.#changed();
  }

  pause(): void {
    this.#isPlaying = false;
    this.#changed();
  }
}
