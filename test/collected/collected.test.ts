import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DESCRIBED, type Described } from '../../projector/exports/described.ts';
import { install } from '../../triggers/install.ts';
import { ExportedInstall } from '../exports/exported-install.ts';
import { Receiver } from '../exports/receiver.ts';
import type { Metric } from '../exports/requests.ts';
import { withFolder } from '../support/temporary.ts';
import { PAGE_PATH, withExported } from './write.ts';

test('the page of what is collected lists what may leave: else run `npm run collected`', () => {
  const page = readFileSync(PAGE_PATH, 'utf8');
  expect(page).toBe(withExported(page));
});

test('a page without a place for the list is refused', () => {
  expect(() => withExported('# What is collected\n')).toThrow('Expected one <!-- exported: begin -->');
});

test('every metric that is sent is listed as it is sent, and every one that is listed is sent', async () => {
  const sent = await metricsSent();
  expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(Object.keys(DESCRIBED)));
  for (const metric of sent) {
    const { kind, unit, description, attributes } = DESCRIBED[metric.name as keyof typeof DESCRIBED] as Described;
    expect([metric.name, kindOf(metric), metric.unit, metric.description]).toEqual([
      metric.name,
      kind,
      unit,
      description,
    ]);
    const told = new Set(metric.points.flatMap((point) => Object.keys(point.attributes)));
    const listed = attributes.map((name) => `ao.${name}`);
    if (metric.name === 'ao.events') expect([...told]).toEqual(expect.arrayContaining(listed));
    else expect([...told].sort()).toEqual(listed.sort());
  }
}, 60_000);

/** What a machine sends on which something of every kind has happened. */
async function metricsSent(): Promise<Metric[]> {
  const receiver = await Receiver.start();
  const env = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: receiver.url };
  try {
    await withFolder(async (folder) => {
      const machine = new ExportedInstall(folder, { seed: 3, version: 82, env });
      const { host, version } = machine.daemon;
      host.together(() => install(host.db, version, machine.now()));
      machine.write(500);
      await machine.settleAll();
      await machine.send('metrics');
      machine.close();
    });
  } finally {
    await receiver.close();
  }
  return receiver.accepted.flatMap(({ body }) =>
    body.kind === 'metrics' ? body.resources.flatMap(({ scopes }) => scopes.flatMap(({ metrics }) => metrics)) : [],
  );
}

function kindOf(metric: Metric): Described['kind'] {
  if (metric.type === 'sum') return metric.monotonic ? 'counter' : 'up-down counter';
  return metric.type === 'gauge' ? 'gauge' : 'exponential histogram';
}
