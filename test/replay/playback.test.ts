import { expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { type Pace, play, type Stage } from '../../projector/replay/playback.ts';

/** Events at these times. */
const at = (...times: number[]) => times.map((time, index) => ({ id: `e${index}`, at: time }) as EventAnswer);

/** A stage whose time passes by waiting alone, and that notes what it shows. */
class Noted implements Stage {
  readonly shown: { readonly after: number; readonly at: readonly number[] }[] = [];
  readonly times: number[] = [];
  #now = 1_000;
  #words: number;
  #stopAfter: number;

  constructor({ words = 0, stopAfter = Number.POSITIVE_INFINITY } = {}) {
    this.#words = words;
    this.#stopAfter = stopAfter;
  }

  clock = () => this.#now;

  async wait(ms: number): Promise<void> {
    this.#now += ms;
  }

  async next(): Promise<boolean> {
    this.#words -= 1;
    return this.#words >= 0;
  }

  isStopped(): boolean {
    return this.shown.length >= this.#stopAfter;
  }

  events(events: readonly EventAnswer[]): void {
    this.shown.push({ after: this.#now - 1_000, at: events.map((event) => event.at) });
  }

  time(time: number): void {
    this.times.push(time);
  }
}

async function played(events: readonly EventAnswer[], pace: Partial<Pace>, stage = new Noted()): Promise<Noted> {
  await play(events, { speed: 1, from: 0, to: 1_000_000, ...pace }, stage);
  return stage;
}

test('events come in their own time, those of one moment together', async () => {
  const { shown } = await played(at(0, 250, 250, 700), {});
  expect(shown).toEqual([
    { after: 0, at: [0] },
    { after: 250, at: [250, 250] },
    { after: 700, at: [700] },
  ]);
});

test('at twice the speed in half the time', async () => {
  const { shown } = await played(at(0, 250, 700), { speed: 2 });
  expect(shown.map(({ after }) => after)).toEqual([0, 125, 350]);
});

test('those whose row came late stand at their own time', async () => {
  const { shown } = await played(at(700, 0, 250), {});
  expect(shown.flatMap((one) => one.at)).toEqual([0, 250, 700]);
});

test('from a time to a time, without waiting for what was before', async () => {
  const { shown } = await played(at(0, 250, 300, 700), { from: 250, to: 300 });
  expect(shown).toEqual([
    { after: 0, at: [250] },
    { after: 50, at: [300] },
  ]);
});

test('while nothing happens the time goes on', async () => {
  const { times } = await played(at(0, 1_000), {});
  expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
});

test('step by step an event comes for each word, and none after the last word', async () => {
  const { shown, times } = await played(at(0, 250, 700), { speed: null }, new Noted({ words: 2 }));
  expect(shown.map((one) => one.at)).toEqual([[0], [250]]);
  expect(times).toEqual([0, 250]);
});

test('it ends when it is told to stop', async () => {
  expect((await played(at(0, 250, 700), {}, new Noted({ stopAfter: 1 }))).shown).toHaveLength(1);
  const stepped = await played(at(0, 250, 700), { speed: null }, new Noted({ words: 9, stopAfter: 1 }));
  expect(stepped.shown).toHaveLength(1);
});

test('nothing is played of a history without events', async () => {
  expect((await played([], {})).shown).toEqual([]);
});
