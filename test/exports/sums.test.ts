import { describe, expect, test } from '@jest/globals';
import type { HistogramPoint, LogRecord, Metric, MetricsRequest, NumberPoint, Temporality } from './requests.ts';
import { counts, eventsOf, totals } from './sums.ts';

const NAME = 'ao.events';

/** What a request says of one sum: from when to when, and how many. */
type Said = readonly [start: number, time: number, value: number];

function request(metric: Metric, attributes = {}): { body: MetricsRequest } {
  const scopes = [{ scope: { name: 'ao-projector', version: '0.1.0' }, metrics: [metric] }];
  return { body: { kind: 'metrics', resources: [{ attributes, scopes }] } };
}

function numberPoint([start, time, value]: Said, attributes = {}): NumberPoint {
  return { attributes, startTimeUnixNano: BigInt(start), timeUnixNano: BigInt(time), numberType: 'int', value };
}

function sum(temporality: Temporality, points: readonly NumberPoint[], monotonic = true): Metric {
  return { type: 'sum', name: NAME, description: '', unit: '{event}', temporality, monotonic, points };
}

/** A request for each that is said. */
const sums = (temporality: Temporality, ...said: Said[]) =>
  said.map((each) => request(sum(temporality, [numberPoint(each)])));

/** The same of a sum that is not monotonic. */
const balances = (temporality: Temporality, ...said: Said[]) =>
  said.map((each) => request(sum(temporality, [numberPoint(each)], false)));

const total = (requests: readonly { body: MetricsRequest }[]) => totals(requests)[`${NAME} {}`];

describe('a cumulative sum', () => {
  test('is what its latest point says, in whatever order the points came', () => {
    expect(total(sums('cumulative', [1, 3, 7], [1, 4, 9], [1, 2, 5]))).toBe(9);
  });

  test('adds to what went before where it starts again', () => {
    expect(total(sums('cumulative', [1, 2, 5], [1, 3, 7], [3, 4, 2], [3, 5, 4]))).toBe(11);
  });

  test('counts a point once that came again', () => {
    expect(total(sums('cumulative', [1, 2, 5], [1, 2, 5]))).toBe(5);
  });

  test('may not fall', () => {
    expect(() => total(sums('cumulative', [1, 2, 5], [1, 3, 4]))).toThrow(
      'Expected a sum that never falls of the cumulative ao.events {}, found 1 to 2: 5, 1 to 3: 4',
    );
  });

  test('may fall where it is not monotonic', () => {
    expect(total(balances('cumulative', [1, 2, 5], [1, 3, -4]))).toBe(-4);
  });

  test('may not start again before its latest point', () => {
    expect(() => total(sums('cumulative', [1, 3, 5], [2, 4, 6]))).toThrow('intervals that do not overlap');
  });

  test('may not say two things of one moment', () => {
    expect(() => total(sums('cumulative', [1, 2, 5], [1, 2, 6]))).toThrow('one value of one interval');
  });
});

describe('a delta sum', () => {
  test('adds up its intervals, which may have gaps between them', () => {
    expect(total(sums('delta', [1, 2, 5], [2, 4, 7], [6, 7, 1]))).toBe(13);
  });

  test('counts an interval once that came again', () => {
    expect(total(sums('delta', [1, 2, 5], [2, 4, 7], [1, 2, 5]))).toBe(12);
  });

  test('may not say two things of one interval', () => {
    expect(() => total(sums('delta', [1, 2, 5], [1, 2, 6]))).toThrow('one value of one interval');
  });

  test('may not have an interval that begins within one before', () => {
    expect(() => total(sums('delta', [1, 3, 5], [2, 4, 5]))).toThrow('intervals that do not overlap');
  });

  test('may not have an interval that holds one before', () => {
    expect(() => total(sums('delta', [1, 3, 5], [1, 4, 5]))).toThrow('intervals that do not overlap');
  });

  test('may not take anything away', () => {
    expect(() => total(sums('delta', [1, 2, 5], [2, 3, -1]))).toThrow('a sum that never falls');
  });

  test('may take away where it is not monotonic', () => {
    expect(total(balances('delta', [1, 2, 5], [2, 3, -1]))).toBe(4);
  });
});

describe('totals', () => {
  test('are told apart by attributes, in the order of their names', () => {
    const said = [numberPoint([1, 2, 5], { b: 'x', a: 1 }), numberPoint([1, 2, 7], { a: 1 })];
    expect(
      totals([request(sum('delta', said)), request(sum('delta', [numberPoint([2, 3, 1], { a: 1, b: 'x' })]))]),
    ).toEqual({
      'ao.events {"a":1,"b":"x"}': 6,
      'ao.events {"a":1}': 7,
    });
  });

  test('add up what several installs say, whose intervals may overlap', () => {
    const of = (install: string) => request(sum('delta', [numberPoint([1, 3, 5])]), { 'service.instance.id': install });
    expect(total([of('one'), of('other')])).toBe(10);
  });

  test('leave out gauges, logs and batches', () => {
    const gauge = request({ type: 'gauge', name: NAME, description: '', unit: '', points: [numberPoint([1, 2, 5])] });
    expect(totals([gauge, logs(record('1')), batch(event('1')), { body: { kind: 'undecodable', error: '' } }])).toEqual(
      {},
    );
  });
});

describe('an exponential histogram', () => {
  const histogram = (temporality: Temporality, ...points: HistogramPoint[]) =>
    request({ type: 'exponentialHistogram', name: NAME, description: '', unit: 's', temporality, points });

  /** Counts of positive buckets from an offset on; one of zero beside them. */
  const waits = (start: number, time: number, scale: number, offset: number, counts: number[]): HistogramPoint => ({
    attributes: {},
    startTimeUnixNano: BigInt(start),
    timeUnixNano: BigInt(time),
    count: counts.reduce((all, each) => all + each, 1),
    sum: 10,
    min: null,
    max: null,
    scale,
    zeroCount: 1,
    positive: { offset, counts },
    negative: { offset: 0, counts: [] },
  });

  test('has its buckets by absolute index', () => {
    expect(total([histogram('delta', waits(1, 2, 3, -2, [4, 0, 5]))])).toEqual({
      count: 10,
      sum: 10,
      zeroCount: 1,
      scale: 3,
      positive: { '-2': 4, '0': 5 },
      negative: {},
    });
  });

  test('adds up delta points at the coarser scale, where an index joins two of the finer', () => {
    const fine = waits(1, 2, 1, -3, [1, 10, 100, 1_000, 10_000]);
    const coarse = waits(2, 3, 0, -2, [7]);
    expect(total([histogram('delta', fine), histogram('delta', coarse), histogram('delta', fine)])).toEqual({
      count: 11_120,
      sum: 20,
      zeroCount: 2,
      scale: 0,
      positive: { '-2': 8, '-1': 110, '0': 11_000 },
      negative: {},
    });
  });

  test('is what its latest cumulative point says, though its scale went down', () => {
    const requests = [waits(1, 3, 0, -2, [1, 110]), waits(1, 2, 1, -3, [1, 10, 99])].map((each) =>
      histogram('cumulative', each),
    );
    expect(total(requests)).toMatchObject({ count: 112, scale: 0, positive: { '-2': 1, '-1': 110 } });
  });

  test('may not lose what a bucket had, whatever the scales', () => {
    const [earlier, later] = [waits(1, 2, 1, -3, [1, 10, 101]), waits(1, 3, 0, -2, [5, 110])];
    expect(() => total([histogram('cumulative', earlier, later)])).toThrow('a sum that never falls');
  });

  test.each([
    ['zeros', { zeroCount: 0 }],
    ['negative values', { negative: { offset: 0, counts: [0, 2] } }],
  ])('may not lose %s', (_, fewer) => {
    const earlier = { ...waits(1, 2, 0, 0, [5]), negative: { offset: 0, counts: [1, 2] } };
    const later = { ...earlier, timeUnixNano: 3n };
    expect(total([histogram('cumulative', earlier, later)])).toMatchObject({
      zeroCount: 1,
      negative: { '0': 1, '1': 2 },
    });
    expect(() => total([histogram('cumulative', earlier, { ...later, ...fewer })])).toThrow('a sum that never falls');
  });

  test('may not come without its sum', () => {
    expect(() => total([histogram('delta', { ...waits(1, 2, 0, 0, []), sum: null })])).toThrow(
      'a histogram with its sum',
    );
  });
});

function record(id: string, attributes = {}, rest: Partial<LogRecord> = {}): LogRecord {
  return {
    timeUnixNano: 5_000_000n,
    observedTimeUnixNano: 6_000_000n,
    eventName: 'ao.session.spawned',
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: { 'ao.id': id, ...attributes },
    ...rest,
  };
}

function logs(...records: LogRecord[]) {
  const scopes = [{ scope: { name: 'ao-projector', version: '' }, records }];
  return { body: { kind: 'logs' as const, resources: [{ attributes: {}, scopes }] } };
}

function event(uuid: string, properties = {}, name = 'ao.session.spawned') {
  return { event: name, uuid, distinct_id: 'an install', timestamp: '1970-01-01T00:00:00.005Z', properties };
}

function batch(...events: ReturnType<typeof event>[]) {
  return { body: { kind: 'posthog' as const, api_key: 'k', sent_at: '2026-06-18T10:00:00Z', batch: events } };
}

describe.each([
  [
    'log records',
    (...ids: string[]) => logs(...ids.map((id) => record(id))),
    logs(record('1', { 'ao.harness': 'codex' })),
  ],
  [
    'events of PostHog',
    (...ids: string[]) => batch(...ids.map((id) => event(id))),
    batch(event('1', { harness: 'codex' })),
  ],
])('%s', (_, sent, other) => {
  test('are told once each, as they first came', () => {
    expect(eventsOf([sent('2', '1'), sent('3', '2')])).toMatchObject([
      { id: '2', name: 'ao.session.spawned', at: 5_000_000n, count: 1 },
      { id: '1' },
      { id: '3' },
    ]);
  });

  test('may not come again with other content', () => {
    expect(() => eventsOf([sent('1'), other])).toThrow('Expected one content of event 1');
  });
});

test('when a log record was observed may differ where it came again', () => {
  expect(eventsOf([logs(record('1')), logs(record('1', {}, { observedTimeUnixNano: 9n }))])).toHaveLength(1);
});

test.each([
  ['name', { eventName: 'ao.session.killed' }],
  ['time', { timeUnixNano: 6n }],
])('a log record that came again has the same %s', (_, changed) => {
  expect(() => eventsOf([logs(record('1')), logs(record('1', {}, changed))])).toThrow('one content of event 1');
});

test('a log record must have an id', () => {
  expect(() => eventsOf([logs(record('1', { 'ao.id': 1 }))])).toThrow('Expected a log record with ao.id');
});

test('events are counted by name, a record of many as that many', () => {
  const killed = record('3', {}, { eventName: 'ao.session.killed' });
  const sent = [
    logs(record('1'), record('2', { 'ao.count': 40 }), killed),
    batch(event('4', { count: 3 }, 'ao.pr.merged')),
  ];
  expect(counts(eventsOf(sent))).toEqual({ 'ao.session.spawned': 41, 'ao.session.killed': 1, 'ao.pr.merged': 3 });
});

test('a count must be a number', () => {
  expect(() => eventsOf([logs(record('1', { 'ao.count': '40' }))])).toThrow('Expected a count that is a number');
});
