import { describe, expect, test } from '@jest/globals';
import { createHost, dropTriggers } from '../../fixtures/daemon/schema.ts';
import {
  insertRecorded,
  loadRecorded,
  type Recording,
  readRecorded,
  startOfRecording,
} from '../../fixtures/recorded.ts';
import { eventByName } from '../../projections/vocabulary.ts';
import type { OracleEvent } from '../oracle/event.ts';
import { begin, catchUp, openStore } from '../properties/harness.ts';
import { derivedEvents } from '../support/derived-events.ts';
import { hostPath } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

/** The events of a recording that was there before we came. */
function rebuilt(name: Recording): OracleEvent[] {
  return withFolder((folder) => {
    loadRecorded(name, hostPath(folder)).close();
    return derive(folder, () => {});
  });
}

/** The events of a recording that we saw being written, row by row; telemetry behind or ahead of the changes by chance. */
function live(name: Recording): OracleEvent[] {
  return withFolder((folder) => {
    const rows = readRecorded(name);
    const streams = rows.filter(([table]) => table === 'change_log' || table === 'telemetry_event');
    const db = createHost(hostPath(folder), { version: Number(name.slice(1)), migratedAt: startOfRecording(rows) });
    dropTriggers(db);
    for (const [table, row] of rows) if (!streams.some((stream) => stream[1] === row)) insertRecorded(db, table, row);
    const changes = streams.filter(([table]) => table === 'change_log');
    const telemetry = streams.filter(([table]) => table !== 'change_log');
    return derive(folder, (look) => {
      for (let next = 0; next < streams.length; next++) {
        const [table, row] = (
          next % 3 === 0 ? (changes.shift() ?? telemetry.shift()) : (telemetry.shift() ?? changes.shift())
        )!;
        insertRecorded(db, table, row);
        look();
      }
      db.close();
    });
  });
}

function derive(folder: string, write: (look: () => void) => void): OracleEvent[] {
  const store = openStore(folder);
  try {
    const tail = begin(store);
    write(() => catchUp(tail));
    tail.close();
    const { number } = store.current() as { number: number };
    return derivedEvents(store.paths.derived(number), store.paths.analytics, store.paths.host);
  } finally {
    store.close();
  }
}

const at = (events: OracleEvent[], name: string) =>
  events.filter((event) => event.name === name).map(({ position }) => position);

/** Rows of the events with a name, by one of their dimensions. */
function by(events: OracleEvent[], name: string, dimension: string): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const event of events.filter((other) => other.name === name)) {
    const value = event.dimensions[dimension]!;
    found[value] = [...(found[value] ?? []), event.position];
  }
  return found;
}

/** How often something failed, by its name. */
function failures(events: OracleEvent[]): Record<string, number> {
  const names = events.map(({ name }) => name).filter((name) => eventByName(name)?.category === 'failure');
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, at(events, name).length]));
}

const causes = (events: OracleEvent[]) => by(events, 'ao.session.killed', 'end_cause');
const restores = (events: OracleEvent[]) => by(events, 'ao.session.restored', 'how');

describe.each([
  ['rebuilt', rebuilt],
  ['live', live],
])('v19, %s', (_, derived) => {
  const events = derived('v19');

  test('the twelve spawned sessions and the phantom seed, and none of the failed spawns', () => {
    const spawned = events
      .filter(({ name }) => name === 'ao.session.spawned')
      .map(({ subject }) => subject.split('#')[0]);
    const workers = ['1', '3', '6', '7', '8', '9', '10', '11', '12', '13'].map((number) => `gamma-${number}`);
    expect(spawned).toEqual([...workers, 'gammaws-1', 'gamma-14', 'gamma-15']);
    expect(events.filter(({ subject }) => /^gamma-[245]#/.test(subject))).toEqual([]);
  });

  test('every end as it was, or unknown where nobody could know', () => {
    expect(causes(events)).toEqual({
      agent_exit: [22, 42],
      daemon_stop: [35, 36, 37, 43, 76, 77, 78, 79, 80, 81, 90, 91, 92, 93, 94, 95, 109, 110, 111, 112, 113, 114],
      found_dead_at_start: [49],
      unknown: [18, 27, 28, 34, 41, 55, 58, 60, 62, 63, 103, 108, 122, 123, 124, 125, 126, 127],
    });
  });

  test('every restore by the hand or the start that made it, the unrecorded start included', () => {
    const byStart = [38, 39, 40, 44, 45, 46, 50, 71, 72, 73, 82, 83, 84, 85, 87, 88, 96, 97, 98, 99, 101, 102];
    expect(restores(events)).toEqual({ other: [19, 23], daemon: [...byStart, 115, 116, 117, 118, 119, 120] });
  });

  test('the first signal of each session, and neither previews nor later launches', () => {
    expect(at(events, 'ao.session.first_signal')).toEqual([12, 17, 26, 32, 33, 57, 74, 75, 105]);
  });

  test('every wait that was entered is left, whatever ended it', () => {
    expect(at(events, 'ao.session.waiting_input_entered')).toEqual([14, 17, 21, 26, 33, 48, 57, 74]);
    expect(at(events, 'ao.session.waiting_input_exited')).toEqual([15, 18, 22, 35, 37, 49, 58, 81]);
  });

  test('each of the nine failed spawns once, and the adapters that were missing in two of them', () => {
    expect(by(events, 'ao.spawn.failed', 'error_kind')).toEqual({
      invalid: [8, 11, 20, 26, 198],
      conflict: [23],
      internal: [29, 38, 44],
    });
    expect(by(events, 'ao.adapter.unavailable', 'error_code')).toEqual({
      UNKNOWN_HARNESS: [11],
      AGENT_BINARY_NOT_FOUND: [26],
    });
  });

  test('the one server error that is no failed spawn', () => {
    expect(at(events, 'ao.daemon.error_envelope')).toEqual([103]);
  });

  test('every mistake by its command, without what was typed after it; three times the same is told once more', () => {
    expect(by(events, 'ao.cli.exit_2', 'command')).toEqual({
      'ao spawn': [148, 149, 152],
      'ao session rename': [153],
      'ao session get': [154],
    });
    expect(by(events, 'ao.cli.repeated_failure', 'command')).toEqual({ 'ao spawn': [152] });
  });

  test('the end that nobody wanted and that the rows can tell: the stops are none', () => {
    expect(by(events, 'ao.lifecycle.session_terminated_unexpected', 'end_cause')).toEqual({
      found_dead_at_start: [49],
    });
    expect(events.filter(({ dimensions }) => 'certainty' in dimensions)).toEqual([]);
  });

  test('no other failure: nobody waited for 30 minutes, or was silent for 10', () => {
    expect(failures(events)).toEqual({
      'ao.adapter.unavailable': 2,
      'ao.cli.exit_2': 5,
      'ao.cli.repeated_failure': 1,
      'ao.daemon.error_envelope': 1,
      'ao.lifecycle.session_terminated_unexpected': 1,
      'ao.spawn.failed': 9,
    });
  });

  test('the one message that was sent', () => {
    expect(at(events, 'ao.send')).toEqual([175]);
    expect(at(events, 'ao.doctor.run')).toEqual([]);
  });
});

describe.each([
  ['rebuilt', rebuilt],
  ['live', live],
])('v82, %s', (_, derived) => {
  const events = derived('v82');

  test('seventeen workers spawned, and none of the rolled-back spawns', () => {
    expect(at(events, 'ao.session.spawned')).toEqual([1, 32, 43, 45, 46, 91, 300, ...range(313, 322)]);
  });

  test('found dead where a start found it dead; a user and the reaper cannot be told apart', () => {
    expect(causes(events)).toEqual({
      found_dead_at_start: [36, 285, 287],
      unknown: [33, 75, 86, 308, 310, ...range(323, 332)],
    });
    expect(restores(events)).toEqual({ other: [34], daemon: [37, 288, 290] });
  });

  test('an agent that ends leaves its session open', () => {
    expect(at(events, 'ao.session.agent_exited')).toEqual([67]);
    expect(at(events, 'ao.session.agent_resumed')).toEqual([302]);
  });

  test('questions and permissions are waits', () => {
    expect(at(events, 'ao.session.waiting_input_entered')).toEqual([13, 19, 56, 280]);
    expect(at(events, 'ao.session.waiting_input_exited')).toEqual([16, 22, 75, 287]);
  });

  test('each of the three failed spawns once, and the adapter that was missing in one of them', () => {
    expect(by(events, 'ao.spawn.failed', 'error_code')).toEqual({
      INVALID_BRANCH: [12, 24],
      AGENT_BINARY_NOT_FOUND: [13],
    });
    expect(at(events, 'ao.adapter.unavailable')).toEqual([13]);
  });

  test('every mistake by its command; the third within ten minutes is told once more, the fourth is not', () => {
    expect(by(events, 'ao.cli.exit_2', 'command')).toEqual({
      'ao spawn': [15, 34, 36, 37, 38, 39],
      'ao orchestrator': [33],
      'ao preview': [43],
    });
    expect(by(events, 'ao.cli.repeated_failure', 'command')).toEqual({ 'ao spawn': [37] });
  });

  test('the ends that a start found, and nothing that is more certain than the rows are', () => {
    expect(by(events, 'ao.lifecycle.session_terminated_unexpected', 'end_cause')).toEqual({
      found_dead_at_start: [36, 285, 287],
    });
    expect(events.filter(({ dimensions }) => 'certainty' in dimensions)).toEqual([]);
  });

  test('no other failure', () => {
    expect(failures(events)).toEqual({
      'ao.adapter.unavailable': 1,
      'ao.cli.exit_2': 8,
      'ao.cli.repeated_failure': 1,
      'ao.lifecycle.session_terminated_unexpected': 3,
      'ao.spawn.failed': 3,
    });
  });

  test('the messages that were sent', () => {
    expect(at(events, 'ao.send')).toEqual([28, 40]);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
