import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import type { Delivery } from '../../projector/exports/sinks.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import { packagePath } from '../../projector/store/paths.ts';

/** Made for these tests, of 127.0.0.1 and signed by itself, from 2020 to 2120. It serves as that of the client, too. */
const CERTIFICATE = packagePath('test', 'exports', 'certificate.pem');
const KEY = packagePath('test', 'exports', 'key.pem');
const IDENTITY = { cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) };

let server: Server;
let requests = 0;
afterEach(() => {
  requests = 0;
  server.close();
  server.closeAllConnections();
});

/** What becomes of a request to a receiver over TLS. */
async function deliver(options: ServerOptions, env: Readonly<Record<string, string>>): Promise<Delivery> {
  server = createServer({ ...IDENTITY, ...options }, (_, response) => {
    requests += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = exportSettingsOf({ AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: url, ...env });
  const [transport] = transportsOf(settings, true, Date.now);
  return transport!.deliver(Buffer.from('{}'), AbortSignal.timeout(10_000));
}

const TRUSTED = { OTEL_EXPORTER_OTLP_CERTIFICATE: CERTIFICATE };

test('a receiver is trusted by the certificate that is named', async () => {
  expect(await deliver({}, TRUSTED)).toMatchObject({ outcome: 'accepted' });
});

test('a receiver with another certificate gets nothing', async () => {
  const delivery = await deliver({}, {});
  expect(delivery).toEqual({ outcome: 'failed', result: 'self-signed certificate', afterMs: null });
  expect(requests).toBe(0);
});

test('a receiver that asks for the certificate of a client gets the one that is named', async () => {
  const client = { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY: KEY };
  const options = { requestCert: true, ca: IDENTITY.cert };
  expect(await deliver(options, { ...TRUSTED, ...client })).toMatchObject({ outcome: 'accepted' });
});

test('a receiver that asks for the certificate of a client takes nothing without', async () => {
  expect(await deliver({ requestCert: true, ca: IDENTITY.cert }, TRUSTED)).toMatchObject({ outcome: 'failed' });
  expect(requests).toBe(0);
});
