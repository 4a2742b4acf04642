import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRecorded } from '../../../fixtures/recorded.ts';
import { UNKNOWN } from '../../../projector/host/decode.ts';
import { decodeTelemetry, type TelemetryRow } from '../../../projector/host/telemetry.ts';
import { TELEMETRY } from '../../../projector/host/telemetry-schema.ts';
import { CATALOGUE, type Example } from './catalogue.ts';
import { INSTANT, keys, TIME } from './cells.ts';

const ROW: TelemetryRow = {
  ...{ rowid: 1, id: 'tev_1', occurred_at: TIME, name: 'ao.daemon.started' },
  ...{ project_id: null, session_id: null, request_id: '', payload_json: '{}' },
};

function decode(name: string, payload: object | string, row: Partial<TelemetryRow> = {}) {
  const payloadJson = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return decodeTelemetry({ ...ROW, name, payload_json: payloadJson, ...row }, keys);
}

/** Keys of an example that its fact keeps, under whatever name. */
function kept({ name, payload }: Example): string[] {
  return TELEMETRY[name]!.fields.map(({ key }) => key).filter((key) => key in payload);
}

test('the catalogue is complete: 18 names', () => {
  const ofDaemon = Object.keys(TELEMETRY).filter((name) => name.startsWith('ao.'));
  expect(CATALOGUE.map(({ name }) => name).sort()).toEqual(ofDaemon.sort());
  expect(CATALOGUE).toHaveLength(18);
});

describe.each(CATALOGUE)('$name', (example) => {
  const { name, payload, data, words, optional = [] } = example;

  test('keeps what its schema says', () => {
    expect(decode(name, payload)).toEqual({
      ...{ identity: keys.telemetry('tev_1'), name, ...INSTANT, project: null, session: null, data },
    });
  });

  test('drops every other key', () => {
    const more = { prompt: 'fix my login', path_on_disk: '/home/me', __proto__x: 1, data: {} };
    expect(decode(name, { ...more, ...payload })).toEqual(decode(name, payload));
  });

  test('is rejected where a field has another type, and the reason tells no more than that', () => {
    for (const key of kept(example)) {
      const isText = typeof payload[key] === 'string';
      for (const wrong of [isText ? 7 : 'secret', null, {}, ['secret'], 1.5]) {
        const reason = new RegExp(`^payload_json\\.${key}: expected (an integer|a boolean|a string)$`);
        expect(decode(name, { ...payload, [key]: wrong })).toEqual({ rejected: expect.stringMatching(reason) });
      }
    }
  });

  test('is rejected where a field is missing that it must have', () => {
    for (const key of kept(example)) {
      const decoded = decode(name, { ...payload, [key]: undefined });
      expect('rejected' in (decoded as object)).toBe(!optional.includes(key));
    }
  });

  test('tells words of its vocabularies alone', () => {
    for (const [key, as] of Object.entries(words)) {
      expect(decode(name, { ...payload, [key]: 'My Secret' })).toMatchObject({ data: { [as]: 'other' } });
      expect(decode(name, { ...payload, [key]: '' })).toMatchObject({ data: { [as]: null } });
    }
  });
});

describe('words that only some rows have', () => {
  test.each([
    ['ao.daemon.panic', { panic_kind: 'other' }, { panic_kind: 'other' }],
    ['ao.daemon.panic', { component: 'adapter' }, { component: 'adapter' }],
    ['ao.daemon.panic', { stack_fingerprint: 'goroutine 1 [running]' }, { stack_fingerprint: null }],
    ['ao.daemon.panic', { path: '/api/v1/sessions' }, { spawn_route: true }],
    ['ao.http.5xx', { path: '/api/v1/sessions/{id}' }, { spawn_route: false }],
    ['ao.http.5xx', { status: 501 }, { status: 501 }],
    ['ao.mobile.device_connected', { transport: 'other' }, { transport: 'other' }],
    ['ao.projects.created', { kind: 'workspace' }, { kind: 'workspace' }],
    ['ao.session.spawned', { kind: 'orchestrator' }, { kind: 'orchestrator' }],
    ['ao.session.waiting_input_entered', { state: 'waiting_input' }, { state: 'waiting_input' }],
    ['ao.cli.invoked', { command_path: 'AO Hooks  Claude' }, { command: 'ao hooks' }],
    ['ao.cli.invoked', { command_path: 'rm -rf /' }, { command: 'other' }],
  ])('%s %j', (name, change, data) => {
    const { payload } = CATALOGUE.find((example) => example.name === name)!;
    expect(decode(name, { ...payload, ...change })).toMatchObject({ data });
  });
});

describe('what stands beside the payload', () => {
  const { payload } = CATALOGUE.find(({ name }) => name === 'ao.http.5xx')!;

  test('is kept as keys alone', () => {
    const decoded = decode('ao.http.5xx', payload, {
      project_id: 'web',
      session_id: 'web-1',
      request_id: 'laptop/x-000001',
    });
    expect(decoded).toMatchObject({
      project: keys.project('web'),
      session: keys.session('web-1'),
      data: { request: keys.digest('laptop/x-000001') },
    });
    expect(JSON.stringify(decoded)).not.toMatch(/laptop|web-1|tev_1/);
  });

  test('tells requests apart where two rows may be of one, and nowhere else', () => {
    const requests = CATALOGUE.map((example) => {
      const decoded = decode(example.name, example.payload, { request_id: 'laptop/x-000001' });
      return 'request' in (decoded as { data: object }).data ? [example.name] : [];
    });
    expect(requests.flat()).toEqual(['ao.http.5xx', 'ao.daemon.panic']);
    expect(decode('ao.http.5xx', payload)).not.toHaveProperty('data.request');
  });

  test('identifies the row, whatever its rowid', () => {
    const identity = (row: Partial<TelemetryRow>) =>
      (decode('ao.http.5xx', payload, row) as { identity: string }).identity;
    expect(identity({ rowid: 9 })).toBe(identity({}));
    expect(identity({ id: 'tev_2' })).not.toBe(identity({}));
    expect(identity({})).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a row that is no fact', () => {
  test('has a name that is in no catalogue', () => {
    for (const name of ['ao.session.exploded', 'ao.v2.cli.invoked', '', 'constructor', '__proto__']) {
      expect(decode(name, { agent: 'codex' })).toBe(UNKNOWN);
    }
  });

  test('has no time', () => {
    expect(decode('ao.daemon.started', {}, { occurred_at: 'soon' })).toEqual({
      rejected: 'occurred_at: expected a time',
    });
  });

  test.each(['', '[]', 'null', '"x"', '{'])('has a payload that is no object: %j', (payload) => {
    expect(decode('ao.daemon.started', payload)).toEqual({ rejected: 'payload_json: expected a JSON object' });
  });
});

/** What was recorded of commands with words after them. */
const TYPED: Readonly<Record<string, string>> = {
  'AO  Custom Path': 'other',
  'ao session get my secret words extra': 'ao session get',
  'ao session rename gamma-6': 'ao session rename',
  'ao spawn extra words': 'ao spawn',
};

describe.each(['v19', 'v82'] as const)('what a real daemon of %s wrote', (version) => {
  const rows = readRecorded(version).flatMap(([table, row]) =>
    table === 'telemetry_event' ? [row as unknown as TelemetryRow] : [],
  );

  test('is facts', () => {
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows)
      expect(decodeTelemetry(row, keys)).toMatchObject({ name: row.name, data: expect.anything() });
  });

  test('has nothing in it but words, numbers, truth values and digests', () => {
    for (const row of rows) {
      const { data } = decodeTelemetry(row, keys) as { data: object };
      const raw = [row.project_id, row.session_id, row.request_id].filter((id) => id !== null && id !== '');
      expect(raw.filter((id) => Object.values(data).includes(id))).toEqual([]);
    }
  });

  test('has the commands that were given, and none of what was typed after them', () => {
    const commands = rows.flatMap((row) => {
      const { data } = decodeTelemetry(row, keys) as { data: { command?: string } };
      return data.command === undefined
        ? []
        : [{ command: data.command, path: JSON.parse(row.payload_json).command_path }];
    });
    expect(commands.length).toBeGreaterThan(10);
    for (const { command, path } of commands) expect(command).toBe(TYPED[path] ?? path);
  });
});

test('an agent that was killed by a hook is told by the hook: v19 records each', () => {
  const hooks = readRecorded('v19').filter(([, row]) => String(row.payload_json).includes('"ao hooks'));
  const facts = hooks.map(([, row]) => decodeTelemetry(row as unknown as TelemetryRow, keys));
  expect(facts.length).toBeGreaterThan(10);
  for (const fact of facts) expect(fact).toMatchObject({ data: { command: 'ao hooks' } });
});

test('no payload throws, and none brings a text of its own into a fact or a reason', () => {
  const own = fc.string().map((text) => `\u00a7${text}\u00a7`);
  const value = fc.oneof(own, fc.integer(), fc.boolean(), fc.constant(null), fc.array(own));
  const row = fc.constantFrom(...CATALOGUE).chain(({ name, payload }) =>
    fc.record({
      name: fc.constant(name),
      payload: fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(payload)), own), value),
      rest: fc.constantFrom(payload, {}),
    }),
  );
  fc.assert(
    fc.property(row, own, ({ name, payload, rest }, id) => {
      const decoded = decode(name, { ...rest, ...payload }, { project_id: id, session_id: id, request_id: id, id });
      expect(JSON.stringify(decoded)).not.toContain('\u00a7');
    }),
    { numRuns: 500 },
  );
});
