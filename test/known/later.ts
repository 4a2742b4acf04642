import { describe, expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { june, Known, NOW, words } from './known.ts';

/** What the working says of answers that are not there yet. Renamed to `subjects.test.ts`, with their commands in `support/command-line.ts`, it holds them. */
const known = new Known();

describe('one subject', () => {
  test('web-2 lived once', () => {
    const { incarnations, events } = known.ask('session', 'web-2', '--now', NOW);
    expect(incarnations).toEqual([
      expect.objectContaining({
        created_at: june('01 09:35:01'),
        harness: 'codex',
        session_kind: 'worker',
        spawned: true,
        ended_at: june('08 08:30:00.002'),
        end_cause: 'unknown',
      }),
    ]);
    expect(events.map((event: EventAnswer) => known.rowOf(event))).toEqual(
      words('c14 c14 c24 c26 c28 c53 c81 c81 c85 c90 c91 c93 c94 c98 c101'),
    );
  });

  test('web-3 is the one of its two spawns that did not fail', () => {
    const { incarnations } = known.ask('session', 'web-3', '--now', NOW);
    expect(incarnations).toEqual([expect.objectContaining({ created_at: june('01 10:05:01') })]);
  });

  test('web/3 passed from one session to another', () => {
    const { events } = known.ask('pr', 'https://github.com/ann/web/pull/3', '--now', NOW);
    expect(events.map((event: EventAnswer) => known.rowOf(event))).toEqual(words('c74 c90 c91 c93'));
  });
});
