import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Known, NOW } from '../known/known.ts';
import { EVENTS_TIER } from '../support/command-line.ts';
import { HOST, PORT, Served } from './served.ts';

const known = new Known();
let served: Served;
beforeAll(() => {
  served = new Served(known.folder, EVENTS_TIER, Date.parse(NOW));
});
afterAll(() => served.close());

async function refusalOf(response: Response): Promise<{ status: number; code: string }> {
  const { error } = (await response.json()) as { error: { code: string } };
  return { status: response.status, code: error.code };
}

test('whoever has the token and asks by the name of this machine is answered', async () => {
  for (const host of [HOST, `localhost:${PORT}`]) {
    const response = await served.get('/api/v1/status', { Host: host, Origin: `http://${host}` });
    expect(response.status).toBe(200);
  }
});

test.each(['evil.example', '127.0.0.1', `evil.example:${PORT}`, `127.0.0.1:${PORT + 1}`, '0.0.0.0:4777', '[::1]:4777'])(
  'a name that points here by somebody else’s DNS, %s, is refused, the page and the check of health included',
  async (host) => {
    for (const path of ['/', '/healthz', '/api/v1/status', '/metrics']) {
      expect(await refusalOf(await served.get(path, { Host: host }))).toEqual({ status: 421, code: 'host_unknown' });
    }
  },
);

test('no request comes through without a host', async () => {
  expect((await served.get('/api/v1/status', { Host: null })).status).toBe(421);
});

test.each([
  { Origin: 'http://evil.example' },
  { Origin: 'null' },
  { Origin: `http://127.0.0.1:${PORT + 1}` },
  { Origin: `https://${HOST}` },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
])('a page of another origin, %j, may not ask, with the token or without', async (headers) => {
  expect(await refusalOf(await served.get('/api/v1/status', headers))).toEqual({ status: 403, code: 'cross_origin' });
});

test.each([
  null,
  '',
  'Bearer',
  'Bearer wrong',
  'Basic dGhlLXRva2Vu',
  'bearer the-token-of-the-tests',
  'the-token-of-the-tests',
])('nothing is told to whoever has no token: %j', async (authorization) => {
  for (const path of ['/api/v1/status', '/api/v1/events', '/api/v1/openapi.json', '/api/v1/nothing', '/metrics']) {
    const response = await served.get(path, { Authorization: authorization });
    expect(await refusalOf(response)).toEqual({ status: 401, code: 'token_needed' });
  }
});

test('a token in the address is none: addresses are written down', async () => {
  const response = await served.get('/api/v1/status?token=the-token-of-the-tests', { Authorization: null });
  expect(response.status).toBe(401);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE_', 'PROPFIND'])('%s is refused', async (method) => {
  const response = await served.get('/api/v1/status', {}, method);
  expect(response.headers.get('Allow')).toBe('GET');
  expect(await refusalOf(response)).toEqual({ status: 405, code: 'method_not_allowed' });
});

test('a question that is too long is refused before anybody reads it', async () => {
  const response = await served.get(`/api/v1/funnel?question=${'x'.repeat(8_192)}`);
  expect(await refusalOf(response)).toEqual({ status: 414, code: 'url_too_long' });
});

describe('paths', () => {
  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/page/../../package.json',
    '/projector/page/..%2f..%2f..%2fpackage.json',
    '/analytics.db',
    '/package.json',
    '//etc/passwd',
  ])('%s leads nowhere', async (path) => {
    expect(await refusalOf(await served.get(path))).toEqual({ status: 404, code: 'no_such_address' });
  });

  test.each([
    '/api/v1/funnel/%2Fetc%2Fpasswd',
    '/api/v1/funnel/..%2F..%2Fpackage.json',
    '/api/v1/funnel/package.json',
    '/api/v1/funnel/lint/package.json',
    '/api/v1/funnel/compare/package.json',
    '/api/v1/%E0%A4%A',
  ])('%s reads no file', async (path) => {
    expect(await refusalOf(await served.get(path))).toEqual({ status: 404, code: 'no_such_question' });
  });

  test.each([
    '/api/v1/run',
    '/api/v1/rebuild',
    '/api/v1/forget',
    '/api/v1/forget?all',
    '/api/v1/verify',
    '/api/v1/serve',
    '/api/v1/triggers',
    '/api/v1/triggers/install',
    '/api/v1/triggers/uninstall',
    '/api/v1/export/ledger?erase',
    '/api/v1/status?check',
    '/api/v1/events?follow',
    '/api/v1/funnel/session?engine=clickhouse&url=http%3A%2F%2F127.0.0.1%3A1',
    '/api/v1/funnel/session?url=http%3A%2F%2Fevil.example',
    '/api/v1/demo',
  ])('%s changes nothing and asks nobody else', async (path) => {
    expect(await refusalOf(await served.get(path))).toEqual({ status: 404, code: 'no_such_question' });
  });
});

test('no file is read that stands where the name of a funnel may', async () => {
  const response = await served.get('/api/v1/why/funnel/package.json/1');
  expect(await refusalOf(response)).toEqual({ status: 400, code: 'question_invalid' });
  expect(await (await served.get('/api/v1/why/funnel/package.json/1')).text()).not.toContain('ao-projector"');
});

test.each(['--help', '--version', '-h', '--all', '--'])('a value is never taken for an option: %s', async (word) => {
  const response = await served.get(`/api/v1/session/${encodeURIComponent(word)}`);
  expect(await refusalOf(response)).toEqual({ status: 404, code: 'subject_unknown' });
});

test('every answer says that it may not be kept, framed, or mixed with what is of others', async () => {
  for (const path of ['/healthz', '/api/v1/status', '/nothing']) {
    const { headers } = await served.get(path);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Content-Security-Policy')).toMatch(
      /^default-src 'none';.*script-src 'self';.*frame-ancestors 'none'$/,
    );
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe|\*/);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  }
});
