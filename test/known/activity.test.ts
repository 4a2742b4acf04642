import { describe, expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { june, Known, NOW, words } from './known.ts';

const known = new Known();

const rowsOf = (events: EventAnswer[]) => events.map((event) => known.rowOf(event));

test('three projects were added, once each', () => {
  const added = known.events('--name', 'ao.project.added');
  expect(added.map(({ raw, dimensions }) => [raw?.subject, dimensions])).toEqual([
    ['web', expect.objectContaining({ project_kind: 'single_repo', has_git_remote: 'true' })],
    ['api', expect.objectContaining({ project_kind: 'single_repo', has_git_remote: 'false' })],
    ['infra', expect.objectContaining({ project_kind: 'workspace', has_git_remote: 'true' })],
  ]);
});

describe('crashes', () => {
  test('are panics, unclean shutdowns and sessions that were found dead', () => {
    const { crashes } = known.ask('crashes', '--now', NOW);
    expect([...rowsOf(crashes)].sort()).toEqual(words('c159 c80 c81 c82 c83 t133 t51 t72 t96'));
  });

  test('stand beside the starts', () => {
    expect(known.ask('crashes', '--now', NOW).starts).toEqual([
      { at: june('01 08:00:05'), clean: null, found_dead: 0 },
      { at: june('02 08:00:00'), clean: true, found_dead: 0 },
      { at: june('03 08:00:00'), clean: true, found_dead: 0 },
      { at: june('05 09:00:00'), clean: false, found_dead: 4 },
      { at: june('08 08:00:00'), clean: true, found_dead: 0 },
      { at: june('10 08:00:00'), clean: null, found_dead: 0 },
      { at: june('14 12:05:00'), clean: false, found_dead: 1 },
    ]);
  });
});

/** A line of the table in the working: `command count actor`. */
const DAYS: Readonly<Record<string, readonly string[]>> = {
  '01': ['ao spawn 5 user', 'ao doctor 1 user', 'ao project add 1 user', 'ao stop 1 user'],
  '02': ['ao spawn 3 user', 'ao project add 1 user', 'ao session kill 1 user', 'ao stop 1 user'],
  '03': ['ao send 1 user', 'ao spawn 1 user', 'ao hooks 1 other'],
  '04': ['ao status 2 other', 'ao session ls 1 other'],
  '05': ['ao send 1 user', 'ao session claim-pr 1 user', 'ao spawn 1 user', 'ao stop 1 user'],
  '08': ['ao session kill 2 user', 'ao project add 1 user', 'ao spawn 1 user'],
  '09': ['ao session restore 1 user', 'ao stop 1 user'],
  '10': ['ao send 1 user', 'ao spawn 1 user'],
  '11': ['ao session kill 1 user', 'ao spawn 1 user'],
  '12': ['ao doctor 1 user'],
  '13': ['ao send 1 agent'],
  '14': ['ao spawn 1 user'],
};

test('usage counts the commands of each day by who gave them', () => {
  interface Day {
    day: string;
    commands: { command: string; actor: string; count: number }[];
  }
  const { days } = known.ask('usage', '--now', NOW) as { days: Day[] };
  const told = days.map(({ day, commands }) => [
    day.slice(-2),
    commands.map(({ command, actor, count }) => `${command} ${count} ${actor}`).sort(),
  ]);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(Object.entries(DAYS).map(([day, commands]) => [day, [...commands].sort()])),
  );
});

describe('activity', () => {
  const activity = () => known.ask('activity', '--now', NOW);

  test('days are those on which a user did something', () => {
    const days = words('01 02 03 05 08 09 10 11 12 14').map((day) => `2026-06-${day}`);
    expect(activity()).toMatchObject({ days, dau: 1, wau: 6, mau: 10, returns: 9, retained: true });
  });

  test('returns are events, one a day', () => {
    const returned = known.events('--name', 'ao.app.returned');
    expect(returned.map(({ measures }) => measures.return_count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
