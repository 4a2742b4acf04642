import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { ClickHouse } from './chdb.ts';

/** ClickHouse that answers over HTTP. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves ClickHouse as its own server does: a query stands in the URL, the body, or begins in the one and goes on in the other. */
export async function serve(clickhouse: ClickHouse): Promise<Served> {
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const query = new URL(request.url!, 'http://localhost').searchParams.get('query') ?? '';
    try {
      response.end(clickhouse.answer(`${query}\n${body}`));
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
