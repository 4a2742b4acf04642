import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { Random } from '../../fixtures/random.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { Live } from '../../projector/pipeline/live.ts';
import { MOST_LISTENERS } from '../../projector/serve/stream.ts';
import type { Store } from '../../projector/store/store.ts';
import { begin, catchUp, openStore } from '../properties/harness.ts';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { withFolder } from '../support/temporary.ts';
import { Served } from './served.ts';

const NOW = Date.UTC(2026, 6, 1);

/** A daemon that writes, tables that follow it, and the surface over them. */
class Machine {
  readonly served: Served;
  readonly #folder: string;
  readonly #daemon: Daemon;
  readonly #steps: Generator<string>;
  readonly #store: Store;
  readonly #live: Live;

  constructor(folder: string) {
    this.#folder = folder;
    this.#daemon = Daemon.create(join(folder, 'ao.db'), { version: 40, seed: 5 });
    this.#steps = history(this.#daemon, new Random(5), { steps: 1_000_000 });
    this.#steps.next();
    this.#store = openStore(folder, () => NOW);
    this.#live = begin(this.#store);
    this.write(40);
    this.served = new Served(folder, EVENTS_TIER, NOW);
  }

  /** The daemon goes on, the tables follow, and whoever listens is told. */
  write(steps: number): void {
    for (let step = 0; step < steps; step++) this.#steps.next();
    catchUp(this.#live);
    this.served?.feed.look();
  }

  ids(): string[] {
    const lines = answerOf(this.#folder, EVENTS_TIER, NOW, ['events', '--json']);
    return lines
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as EventAnswer).id);
  }

  async listen(last: string | null = null): Promise<Ear> {
    const response = await this.served.get('/api/v1/events', { Accept: 'text/event-stream', 'Last-Event-ID': last });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    return new Ear(response.body!.getReader());
  }

  close(): void {
    this.served.close();
    this.#live.close();
    this.#store.close();
    this.#daemon.close();
  }
}

interface Heard {
  readonly id: string;
  readonly kind: string;
  readonly event: EventAnswer | null;
}

/** Somebody who listens. */
class Ear {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  /** What was told by now; each message comes in a piece of its own. */
  async hear(count: number): Promise<Heard[]> {
    const heard: Heard[] = [];
    while (heard.length < count) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`Expected ${count} messages, got ${heard.length}`);
      const lines = Buffer.from(value).toString().split('\n');
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data');
      heard.push({
        id: field('id') ?? '',
        kind: field('event') ?? '',
        event: data && data !== '{}' ? JSON.parse(data) : null,
      });
    }
    return heard;
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

const idsOf = (heard: readonly Heard[]) => heard.flatMap(({ event }) => event?.id ?? []);

async function withMachine(use: (machine: Machine) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const machine = new Machine(folder);
    await use(machine).finally(() => machine.close());
  });
}

test('what is derived while somebody listens is told once, and what was there before is not', async () => {
  await withMachine(async (machine) => {
    const before = machine.ids();
    const ear = await machine.listen();
    await ear.hear(1);
    machine.write(60);
    const since = machine.ids().filter((id) => !before.includes(id));
    expect(since.length).toBeGreaterThan(20);
    expect(idsOf(await ear.hear(since.length)).sort()).toEqual(since.sort());
    await ear.leave();
  });
});

test('whoever was away goes on after the last event heard, without loss or repeats', async () => {
  await withMachine(async (machine) => {
    const before = machine.ids();
    const first = await machine.listen();
    await first.hear(1);
    machine.write(30);
    const some = await first.hear(5);
    await first.leave();
    machine.write(30);
    const second = await machine.listen(some.at(-1)!.id);
    const since = machine.ids().filter((id) => !before.includes(id));
    const rest = await second.hear(1 + since.length - 5);
    expect(rest[0]).toMatchObject({ id: some.at(-1)!.id, event: null });
    expect([...idsOf(some), ...idsOf(rest)].sort()).toEqual(since.sort());
    await second.leave();
  });
});

test.each(['other.3', 'nonsense', '', '12', 'x.-1'])(
  'where %j stands nobody knows: some may be missing, and that is said',
  async (last) => {
    await withMachine(async (machine) => {
      const ear = await machine.listen(last);
      const [said] = await ear.hear(1);
      expect(said).toMatchObject({ kind: 'reset', event: null });
      machine.write(20);
      const after = await ear.hear(1);
      expect(after[0]!.event).not.toBeNull();
      await ear.leave();
      const known = await machine.listen(said!.id);
      expect((await known.hear(1))[0]).toMatchObject({ kind: '' });
      await known.leave();
    });
  },
);

test('who reads too slowly is cut off, not waited for', async () => {
  await withMachine(async (machine) => {
    const ear = await machine.listen();
    for (let times = 0; machine.served.feed.listening > 0; times++) {
      expect(times).toBeLessThan(100);
      machine.write(60);
    }
    await expect(ear.hear(100_000)).rejects.toThrow('too slowly');
  });
});

test(`more than ${MOST_LISTENERS} may not listen at once; who leaves makes room`, async () => {
  await withMachine(async (machine) => {
    const ears = await Promise.all(Array.from({ length: MOST_LISTENERS }, () => machine.listen()));
    const refused = await machine.served.get('/api/v1/events', { Accept: 'text/event-stream' });
    expect({ status: refused.status, again: refused.headers.get('Retry-After') }).toEqual({ status: 503, again: '10' });
    await ears[0]!.leave();
    const another = await machine.listen();
    await Promise.all([another, ...ears.slice(1)].map((ear) => ear.leave()));
    expect(machine.served.feed.listening).toBe(0);
  });
});
