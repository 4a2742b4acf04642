import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENTS } from '../../../projections/vocabulary.ts';
import { type EventFilter, events, newestEvents, oldestEvents } from '../../../projector/answers/events.ts';
import { Follower } from '../../../projector/answers/follow.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked } from './asked.ts';

const ALL: EventFilter = { names: [], since: null, until: null, project: null };

/** Rows of both streams whose times jump to and fro. */
function jumping(host: TinyHost): TinyHost {
  let seconds = 0;
  for (let number = 1; number <= 40; number++) {
    seconds += number % 5 === 0 ? -400 : 150;
    const when = at(String(Math.max(0, seconds)));
    host.created(`${number % 2 ? 'web' : 'api'}-${number}`, when).updated(`web-${number}`, 'active', false, when);
    const command = { command: 'x', command_path: number % 3 ? 'ao send' : 'ao doctor' };
    host.telemetry('ao.cli.invoked', at(String(Math.max(0, 3000 - seconds))), command);
  }
  return host;
}

test('the newest events are the last of all and the oldest the first, however many are asked for', () => {
  asked(jumping, (source) => {
    const filters: EventFilter[] = [
      ALL,
      { ...ALL, names: [EVENTS.send] },
      { ...ALL, names: [EVENTS.spawned, EVENTS.doctorRun] },
      { ...ALL, since: ms(900) },
      { ...ALL, project: 'api', until: ms(2000) },
    ];
    expect([...events(source, ALL)].length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.constantFrom(...filters), fc.integer({ min: 1, max: 60 }), (filter, limit) => {
        const all = [...events(source, filter)];
        expect(newestEvents(source, filter, limit)).toEqual(all.slice(-limit));
        expect(oldestEvents(source, filter, limit)).toEqual(all.slice(0, limit));
      }),
    );
  });
});

test('who follows is told nothing of what was there', () => {
  asked(jumping, (source) => {
    expect(new Follower(source).next(source)).toEqual([]);
  });
});
