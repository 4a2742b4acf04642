import type { OracleEvent } from './event.ts';
import type { Story } from './story.ts';
import { isCredible, toMilliseconds } from './time.ts';

const MINUTE = 60_000;

/** What lasts longer than it should: up to its end, or up to the newest time of the log where it has none. */
export function longSpans(story: Story, events: OracleEvent[]): OracleEvent[] {
  const clock = clockOf(story);
  const tooLong = (start: OracleEvent, end: number | undefined, limit: number, name: string): OracleEvent[] => {
    const until = end ?? clock;
    if (until === null || until - start.at <= limit) return [];
    return [{ ...start, name, at: start.at + limit, dimensions: {}, measures: {} }];
  };
  return events.flatMap((start) => {
    const first = (name: string) =>
      events
        .filter((event) => event.name === name && event.subject === start.subject && event.position > start.position)
        .sort((one, other) => one.position - other.position)[0]?.at;
    switch (start.name) {
      case 'ao.session.waiting_input_entered':
        return tooLong(start, first('ao.session.waiting_input_exited'), 30 * MINUTE, 'ao.session.stuck_waiting');
      case 'ao.session.spawned': {
        const answers = [first('ao.session.first_signal'), first('ao.session.killed')].filter(
          (time) => time !== undefined,
        );
        const earliest = answers.length === 0 ? undefined : Math.min(...answers);
        return tooLong(start, earliest, 10 * MINUTE, 'ao.session.no_signal');
      }
      default:
        return [];
    }
  });
}

/** The newest time that a row tells, clocks gone wrong and rows that hold nothing but an id left out. */
function clockOf(story: Story): number | null {
  const times = story.changes
    .filter((row) => row.kind !== 'id_only' && isCredible(row.time))
    .map((row) => toMilliseconds(row.time));
  return times.length === 0 ? null : Math.max(...times);
}
