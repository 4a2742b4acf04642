import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagePath } from '../../projector/store/paths.ts';
import { Known, NOW } from '../known/known.ts';
import { Served } from '../serve/served.ts';
import { EVENTS_TIER } from '../support/command-line.ts';

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Document {
  readonly paths: Readonly<
    Record<string, { get: { responses: { 200: { content: Record<string, { schema: Schema }> } } } }>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const FILE = packagePath('docs', 'openapi.json');
const document = JSON.parse(readFileSync(FILE, 'utf8')) as Document;

const known = new Known();
let served: Served;
beforeAll(() => {
  served = new Served(known.folder, EVENTS_TIER, Date.parse(NOW));
});
afterAll(() => served.close());

test('the file is what the commands and the types of the answers say (else run `npm run openapi`)', () => {
  const writer = join(packagePath('test'), 'openapi', 'write.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', writer, '--print'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
    maxBuffer: 2 ** 24,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(document).toEqual(JSON.parse(stdout));
}, 60_000);

test('the server hands it out', async () => {
  expect(await (await served.get('/api/v1/openapi.json')).json()).toEqual(document);
});

test('no part of it points to what is not there', () => {
  const pointed = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
  const names = new Set(pointed.map(decodeURIComponent));
  expect([...names].filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
  expect(names.size).toBeGreaterThan(30);
});

/** The schemas of an object that a schema allows. */
function objects(schema: Schema): Schema[] {
  if (schema.$ref) return objects(document.components.schemas[decodeURIComponent(schema.$ref.split('/').at(-1)!)]!);
  return schema.anyOf ? schema.anyOf.flatMap(objects) : [schema];
}

test.each([
  ['/api/v1/status', 'status'],
  ['/api/v1/funnel/{name}', 'funnel/session?by=harness'],
  ['/api/v1/funnel/{name}', 'funnel/onboarding'],
  ['/api/v1/funnel/{name}', 'funnel/session?subjects=6&since=2026-06-01&until=2026-06-02T12:00:00Z'],
  ['/api/v1/failures', 'failures'],
  ['/api/v1/failures/show/{group}', 'failures/show/9a0d'],
  ['/api/v1/crashes', 'crashes'],
  ['/api/v1/stuck', 'stuck'],
  ['/api/v1/usage', 'usage'],
  ['/api/v1/activity', 'activity'],
  ['/api/v1/events', 'events?limit=1'],
  ['/api/v1/session/{id}', 'session/web-2'],
  ['/api/v1/explain/{what}', 'explain/web-8'],
  ['/api/v1/gaps', 'gaps'],
  ['/api/v1/rejected/list', 'rejected/list'],
  ['/api/v1/export/status', 'export/status'],
  ['/api/v1/export/ledger', 'export/ledger'],
  ['/api/v1/triggers/verify', 'triggers/verify'],
])('%s answers in the shape that it says: %s', async (path, address) => {
  const text = await (await served.get(`/api/v1/${address}`)).text();
  const answer = JSON.parse(text.split('\n')[0]!) as object;
  const schemas = objects(document.paths[path]!.get.responses[200].content['application/json']!.schema);
  const keys = Object.keys(answer);
  const fitting = schemas.filter(({ properties = {}, required = [] }) => {
    return required.every((name) => keys.includes(name)) && keys.every((name) => Object.hasOwn(properties, name));
  });
  expect({ keys, fits: fitting.length > 0 }).toEqual({ keys, fits: true });
});
