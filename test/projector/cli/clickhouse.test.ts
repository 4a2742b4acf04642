import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, jest, test } from '@jest/globals';
import { projector } from '../../support/processes.ts';

jest.setTimeout(60_000);

const STEPS = ['--steps', 'ao.session.spawned > ao.pr.observed > ao.pr.merged'];
const NOWHERE = { AO_DATA_DIR: '/nowhere' };

/** A server that answers every query with one text, and what it was asked. */
async function serving<T>(reply: string, use: (url: string, asked: string[]) => Promise<T>): Promise<T> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(await text(request));
    response.end(reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a server is asked what --print-sql prints', async () => {
  const printed = await projector(NOWHERE, 'funnel', ...STEPS, '--print-sql').ended;
  expect([printed.code, printed.stderr]).toEqual([0, '']);
  await serving('{"step_1":"4","step_2":2,"step_3":1}\n', async (url, asked) => {
    const { code, stdout } = await projector(
      ...([NOWHERE, 'funnel', ...STEPS, '--engine', 'clickhouse', '--url', url, '--json'] as const),
    ).ended;
    expect(code).toBe(0);
    expect(asked).toEqual([expect.stringContaining(printed.stdout.trim())]);
    expect(JSON.parse(stdout)).toMatchObject({
      engine: 'clickhouse',
      steps: [
        { events: ['ao.session.spawned'], reached: 4, converted_from_first: 1, converted_from_previous: null },
        { events: ['ao.pr.observed'], reached: 2, converted_from_first: 0.5, converted_from_previous: 0.5 },
        { events: ['ao.pr.merged'], reached: 1, converted_from_first: 0.25, converted_from_previous: 0.5 },
      ],
    });
  });
});

test('a server that is not there is an error that says what to do', async () => {
  const url = await serving('', async (known) => known);
  const { code, stderr } = await projector(
    ...([NOWHERE, 'funnel', ...STEPS, '--engine', 'clickhouse', '--url', url, '--json'] as const),
  ).ended;
  expect([code, JSON.parse(stderr).error.code]).toEqual([1, 'server_failed']);
});

test.each([
  [['--print-sql', '--order', 'strict']],
  [['--print-sql', '--csv']],
  [['--engine', 'clickhouse']],
  [['--url', 'http://localhost:8123']],
  [['--engine', 'clickhouse', '--url', 'nonsense']],
])('with %j a funnel is a usage error', async (options) => {
  const { code } = await projector(NOWHERE, 'funnel', ...STEPS, ...options).ended;
  expect(code).toBe(2);
});
