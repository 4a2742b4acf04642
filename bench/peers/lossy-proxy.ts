import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands between somebody who posts and a server, and can lose an answer on the way back. */
export interface LossyProxy {
  readonly url: string;
  /** Every body that was passed on, in order. */
  readonly bodies: readonly Buffer[];
  /** The next request is passed on, and 503 is answered whatever the server says. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

/** Passes on to the server at `target`, with path, query and content type as they came. */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const bodies: Buffer[] = [];
  let loses = false;
  const server = createServer(async (request, response) => {
    const isLost = loses;
    loses = false;
    const body = await buffer(request);
    bodies.push(body);
    const headers = { 'content-type': request.headers['content-type']! };
    const answer = await fetch(target + request.url, { method: 'POST', headers, body: new Uint8Array(body) });
    const text = await answer.text();
    if (isLost) response.writeHead(503).end();
    else response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    loseNextAnswer: () => {
      loses = true;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
