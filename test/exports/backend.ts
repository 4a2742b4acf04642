import { type Received, Receiver } from './receiver.ts';

/** A receiver that can go down, and come up again at the same address. */
export class Backend {
  readonly url: string;
  readonly #receivers: Receiver[];
  #isUp = true;

  private constructor(receiver: Receiver) {
    this.url = receiver.url;
    this.#receivers = [receiver];
  }

  static async start(): Promise<Backend> {
    return new Backend(await Receiver.start());
  }

  /** The one that is up, or was last. */
  get receiver(): Receiver {
    return this.#receivers.at(-1)!;
  }

  /** Nothing where it is down already. */
  async down(): Promise<void> {
    if (this.#isUp) await this.receiver.close();
    this.#isUp = false;
  }

  async up(): Promise<void> {
    this.#receivers.push(await Receiver.start(this.receiver.port));
    this.#isUp = true;
  }

  /** What was taken at a path, whatever went down since. */
  accepted(path: '/v1/metrics' | '/v1/logs' | '/batch/'): Received[] {
    return this.#receivers.flatMap(({ accepted }) => accepted).filter((request) => request.path === path);
  }
}
