import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type AppOptions, createApp } from './app.ts';

/** The only address that is ever listened on: this machine's own. */
const LOOPBACK = '127.0.0.1';

/** So many connections at once; more are closed at once. */
const MOST_CONNECTIONS = 256;

const HEADERS_WITHIN_MS = 10_000;

export interface Serving {
  readonly port: number;
  /** Ends everything, connections that listen included. */
  close(): Promise<void>;
}

/** Listens on loopback. Rejects where the port is taken. */
export async function serve(options: Omit<AppOptions, 'port'>, port: number): Promise<Serving> {
  const app = createApp({ ...options, port: () => bound });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  let bound = port;
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = HEADERS_WITHIN_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
