import { describe, expect, test } from '@jest/globals';
import { explainGaps, type Gap, type GapFacts, isUnexplained } from '../../projections/gaps.ts';

const MINUTE = 60_000;

/** A range of seq between a row of minute 10 and one of minute 20. */
const gap = (from: number, to: number, times: Partial<Gap> = {}): Gap => {
  return { from, to, lastAt: 10 * MINUTE, nextAt: 20 * MINUTE, ...times };
};

const NOTHING: GapFacts = { births: [], rollbacks: [], failures: [], launches: [], migrations: [] };

const at = (...minutes: number[]) =>
  minutes.map((minute, index) => ({ position: 100 + index, at: minute * MINUTE, durationMs: 40 }));

const kinds = (gaps: readonly Gap[], facts: Partial<GapFacts> = {}) =>
  explainGaps(gaps, { ...NOTHING, ...facts }).map(({ kind }) => kind);

describe('a few missing rows', () => {
  test('look like a rolled-back spawn, and that rests on the rows around them', () => {
    expect(explainGaps([gap(5, 6)], NOTHING)).toEqual([
      {
        ...gap(5, 6),
        kind: 'rolled_back_like',
        why: '2 rows are missing, as failed spawns leave it. Nothing recorded tells of one.',
        evidence: [
          { stream: 'change_log', position: 4, role: 'the last row before it' },
          { stream: 'change_log', position: 7, role: 'the first row after it' },
        ],
      },
    ]);
  });

  test.each([
    ['creation rows that were read before they went', { births: [{ born: 5, position: 100 }] }],
    ['rollbacks that triggers saw', { rollbacks: at(15) }],
    ['failed spawns that the daemon recorded', { failures: at(15) }],
  ])('are rolled-back spawns where there are as many %s', (_, facts) => {
    const [told] = explainGaps([gap(5, 5)], { ...NOTHING, ...facts });
    expect(told).toMatchObject({ kind: 'rolled_back_spawn' });
    expect(told!.evidence).toContainEqual({ stream: 'telemetry', position: 100, role: expect.any(String) });
    expect(kinds([gap(5, 6)], facts)).toEqual(['rolled_back_like']);
  });

  test('have nothing to do with what lies before or long after them', () => {
    expect(kinds([gap(5, 5)], { failures: at(9.9, 21.1), rollbacks: at(9.9, 21.1) })).toEqual(['rolled_back_like']);
    expect(kinds([gap(5, 5)], { births: [{ born: 6, position: 1 }] })).toEqual(['rolled_back_like']);
  });

  test('may come a minute after the time of the row that follows: a poll dates its rows back', () => {
    expect(kinds([gap(5, 5, { nextAt: 5 * MINUTE })], { failures: at(10.5) })).toEqual(['rolled_back_spawn']);
  });

  test('of several gaps are told by a fact once', () => {
    const both = [gap(5, 5), gap(7, 7)];
    expect(kinds(both, { failures: at(15) })).toEqual(['rolled_back_spawn', 'rolled_back_like']);
    expect(kinds(both, { failures: at(15, 16) })).toEqual(['rolled_back_spawn', 'rolled_back_spawn']);
  });

  test('leave a fact that comes a little late to the gap in whose time it lies', () => {
    const first = gap(5, 5, { nextAt: 12 * MINUTE });
    const second = gap(7, 7, { lastAt: 12 * MINUTE });
    expect(kinds([first, second], { failures: at(12.5) })).toEqual(['rolled_back_like', 'rolled_back_spawn']);
    expect(kinds([first, second], { failures: at(12.5, 12.6) })).toEqual(['rolled_back_spawn', 'rolled_back_spawn']);
  });

  test('are told by the longest failures first, and never by one that was refused at once', () => {
    const failures = [0, 40, 2_000].map((durationMs, position) => ({ position, at: 15 * MINUTE, durationMs }));
    const told = explainGaps([gap(5, 5), gap(7, 7), gap(9, 9)], { ...NOTHING, failures });
    expect(told.map(({ kind, evidence }) => [kind, evidence[2]?.position])).toEqual([
      ['rolled_back_spawn', 2],
      ['rolled_back_spawn', 1],
      ['rolled_back_like', undefined],
    ]);
  });

  test('are a deletion where a session was launched among them', () => {
    const [told] = explainGaps([gap(5, 5)], { ...NOTHING, failures: at(15), launches: at(15) });
    expect([told!.kind, isUnexplained(told!)]).toEqual(['deletion', true]);
    expect(kinds([gap(5, 5)], { launches: at(9, 21) })).toEqual(['rolled_back_like']);
  });
});

describe('many missing rows', () => {
  test('are unexplained', () => {
    const [told] = explainGaps([gap(5, 21)], NOTHING);
    expect([told!.kind, isUnexplained(told!)]).toEqual(['unexplained', true]);
    expect(kinds([gap(5, 20)])).toEqual(['rolled_back_like']);
  });

  test('are rolled-back spawns where so many are known, one by one', () => {
    const failures = Array.from({ length: 17 }, (_, index) => ({
      position: index,
      at: 15 * MINUTE + index,
      durationMs: 1,
    }));
    expect(kinds([gap(5, 21)], { failures })).toEqual(['rolled_back_spawn']);
    expect(kinds([gap(5, 21)], { failures: failures.slice(1) })).toEqual(['unexplained']);
  });

  test('are a deletion where one of them was read before', () => {
    expect(kinds([gap(5, 100)], { births: [{ born: 50, position: 1 }] })).toEqual(['deletion']);
  });
});

describe('the log was copied', () => {
  const migrations = [1, 4, 6, 19].map((version) => ({ version, position: version, at: version * 5 * MINUTE }));

  test('after the gap: what was missing then cannot be told, however many rows', () => {
    const [told] = explainGaps([gap(5, 100)], { ...NOTHING, migrations });
    expect([told!.kind, isUnexplained(told!)]).toEqual(['copied_log', false]);
    expect(told!.evidence.at(-1)).toEqual({ stream: 'telemetry', position: 4, role: expect.any(String) });
    expect(kinds([gap(5, 5, { lastAt: 21 * MINUTE, nextAt: 29 * MINUTE })], { migrations })).toEqual(['copied_log']);
    expect(kinds([gap(1, 100, { lastAt: null })], { migrations })).toEqual(['copied_log']);
  });

  test('before it: that says nothing', () => {
    expect(kinds([gap(5, 100, { nextAt: 31 * MINUTE })], { migrations })).toEqual(['unexplained']);
  });

  test('by a database that was made in one go: no row is older, but for those that are dated back', () => {
    const inOneGo = migrations.map((one) => ({ ...one, at: 30 * MINUTE }));
    expect(kinds([gap(5, 100)], { migrations: inOneGo })).toEqual(['unexplained']);
  });
});
