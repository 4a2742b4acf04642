import { actorOf } from './commands.ts';
import { eventOf, type OracleEvent } from './event.ts';
import type { Story } from './story.ts';

const FIRST = Date.UTC(2020, 0);
const LAST = Date.UTC(2100, 0);

/** The first act of a user on each active day after the first one; `events` are those of sessions and PRs. */
export function returns(story: Story, events: OracleEvent[]): OracleEvent[] {
  const commands = story.telemetry
    .filter((row) => (row.name === 'ao.cli.invoked' || row.name === 'ao.app.active') && actorOf(row) === 'user')
    .map((row) => eventOf(row, row.name, { subject: 'install' }));
  const acts = [...events.filter(({ name }) => name === 'ao.session.spawned' || name === 'ao.pr.merged'), ...commands];
  const credible = acts.filter(({ at }) => at >= FIRST && at < LAST);
  const days = [...new Set(credible.map(dayOf))].sort();
  return days.slice(1).map((day, index) => {
    const { at, stream, position } = credible.filter((act) => dayOf(act) === day).sort(inTime)[0]!;
    const measures = { return_count: index + 1 };
    return {
      name: 'ao.app.returned',
      at,
      stream,
      position,
      subject: 'install',
      session: null,
      dimensions: {},
      measures,
    };
  });
}

/** Of one time: `change_log` first, then by position. */
function inTime(one: OracleEvent, other: OracleEvent): number {
  return one.at - other.at || one.stream.localeCompare(other.stream) || one.position - other.position;
}

function dayOf({ at }: { at: number }): string {
  return new Date(at).toISOString().slice(0, 10);
}
