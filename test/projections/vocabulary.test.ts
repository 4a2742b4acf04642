import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  EVENTS,
  eventByCode,
  eventByName,
  eventId,
  eventParts,
  firstEventId,
  type StreamName,
} from '../../projections/vocabulary.ts';

const definitions = Object.values(EVENTS);
const definition = fc.constantFrom(...definitions);
const stream = fc.constantFrom<StreamName>('change_log', 'telemetry');
/** Positions up to a thousand times what a heavy user's log has. */
const position = fc.integer({ min: 1, max: 2 ** 40 });

describe('a definition', () => {
  test('has a code of its own, which fits into six bits', () => {
    const codes = definitions.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code > 0 && code < 64).toBe(true);
  });

  test('has a name of its own: ao, mostly a domain, a verb', () => {
    const names = definitions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^ao(\.[a-z]+)?\.[a-z0-9_]+$/);
  });

  test('keeps its code: events that are stored say nothing else of what they are', () => {
    expect(Object.fromEntries(definitions.map(({ code, name }) => [code, name]))).toEqual({
      1: 'ao.daemon.started',
      2: 'ao.onboarding.first_project_added',
      3: 'ao.onboarding.first_session_spawned',
      4: 'ao.onboarding.first_agent_output',
      5: 'ao.onboarding.first_pr_observed',
      6: 'ao.onboarding.first_pr_reviewed',
      7: 'ao.onboarding.first_pr_revised',
      8: 'ao.onboarding.first_merge',
      9: 'ao.app.returned',
      10: 'ao.session.spawned',
      11: 'ao.session.first_signal',
      12: 'ao.session.waiting_input_entered',
      13: 'ao.session.waiting_input_exited',
      14: 'ao.session.agent_exited',
      15: 'ao.session.agent_resumed',
      16: 'ao.session.killed',
      17: 'ao.session.restored',
      20: 'ao.pr.observed',
      21: 'ao.pr.ci_failed',
      22: 'ao.pr.ci_passed',
      23: 'ao.pr.review_requested',
      24: 'ao.pr.changes_requested',
      25: 'ao.pr.revised',
      26: 'ao.pr.approved',
      27: 'ao.pr.merged',
      28: 'ao.pr.closed_unmerged',
      30: 'ao.spawn.failed',
      31: 'ao.adapter.unavailable',
      32: 'ao.cli.exit_2',
      33: 'ao.cli.repeated_failure',
      34: 'ao.daemon.error_envelope',
      35: 'ao.daemon.panic',
      36: 'ao.adapter.panic',
      37: 'ao.daemon.shutdown_unclean',
      38: 'ao.lifecycle.session_terminated_unexpected',
      39: 'ao.session.stuck_waiting',
      40: 'ao.session.no_signal',
      41: 'ao.ci.repeated_failure',
      42: 'ao.review.triggered',
      43: 'ao.review.submitted',
      44: 'ao.review.cancelled',
      45: 'ao.review.trigger_failed',
      46: 'ao.send',
      47: 'ao.doctor.run',
      48: 'ao.terminal.opened',
      49: 'ao.notification.raised',
      50: 'ao.project.added',
    });
  });

  test('is found by its code and by its name', () => {
    for (const one of definitions) {
      expect(eventByCode(one.code)).toBe(one);
      expect(eventByName(one.name)).toBe(one);
    }
    expect(eventByName('ao.session.exploded')).toBeUndefined();
    expect(() => eventByCode(63)).toThrow('Expected the code of an event, got 63');
  });
});

describe('a row id', () => {
  test('gives back what it was made of', () => {
    fc.assert(
      fc.property(stream, position, definition, (from, at, what) => {
        const id = eventId(from, at, what);
        expect(Number.isSafeInteger(id)).toBe(true);
        expect(eventParts(id)).toEqual({ stream: from, position: at, definition: what });
      }),
    );
  });

  test('sorts by position, then stream, then code', () => {
    const parts = fc.tuple(position, stream, definition);
    fc.assert(
      fc.property(parts, parts, ([atA, fromA, whatA], [atB, fromB, whatB]) => {
        const streams = Number(fromA === 'telemetry') - Number(fromB === 'telemetry');
        const expected = Math.sign(atA - atB || streams || whatA.code - whatB.code);
        expect(Math.sign(eventId(fromA, atA, whatA) - eventId(fromB, atB, whatB))).toBe(expected);
      }),
    );
  });

  test('stands above the first of its position and below that of the next', () => {
    fc.assert(
      fc.property(stream, position, definition, (from, at, what) => {
        const id = eventId(from, at, what);
        expect(firstEventId(at) < id && id < firstEventId(at + 1)).toBe(true);
      }),
    );
  });
});
