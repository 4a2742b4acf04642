import { expect, test } from '@jest/globals';
import { Pace } from '../../projector/serve/pace.ts';

/** When answers that take so long each begin, all asked for at 0, by a clock that only they and waiting move. */
async function begun(share: number, tookMs: readonly number[]): Promise<number[]> {
  let now = 0;
  const pass = async (ms: number) => {
    now += ms;
  };
  const pace = new Pace(share, { now: () => now, wait: pass });
  const began: number[] = [];
  const answers = tookMs.map((ms) =>
    pace.turn(async () => {
      began.push(now);
      await pass(ms);
    }),
  );
  await Promise.all(answers);
  return began;
}

test('250 ms of answers are free at once; then each waits until what was taken is made up for', async () => {
  // After 300 ms of answers, in which a tenth of that came back, 20 ms are missing: 200 ms go by. After 50 more, 45 are missing.
  expect(await begun(0.1, [200, 100, 50, 10])).toEqual([0, 200, 500, 1_000]);
});

test('answers that may take all of a core never wait', async () => {
  expect(await begun(1, [200, 400, 100])).toEqual([0, 200, 600]);
});

test('an answer that fails gives the turn to the next', async () => {
  const pace = new Pace(1);
  await expect(pace.turn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pace.turn(async () => 'yes')).toBe('yes');
});

test('more than 128 do not wait', async () => {
  const pace = new Pace(1);
  let go = () => {};
  const first = pace.turn(() => new Promise<string>((resolve) => (go = () => resolve('first'))));
  const waiting = Array.from({ length: 127 }, (_, index) => pace.turn(async () => `${index}`));
  expect(await pace.turn(async () => 'too many')).toBeNull();
  go();
  expect(await Promise.all([first, ...waiting])).toHaveLength(128);
  expect(await pace.turn(async () => 'again')).toBe('again');
});
