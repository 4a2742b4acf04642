import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, ProjectorError } from '../errors.ts';
import { version } from '../store/version.ts';
import type { Context } from './context.ts';

const TOKEN_BYTES = 24;
const SHARE_BESIDE_RUN = 0.1;

export const portOption = () =>
  new Option('--port <port>', 'listen on this port of this machine (default: one that is free)').argParser(portOf);

export function serveCommand(program: Command, context: () => Context): void {
  program
    .command('serve')
    .description('a page and the answers as JSON for this machine, until stopped; nothing can be changed there')
    .addOption(portOption())
    .addHelpText('after', '\nExample:\n  ao-projector serve')
    .action(({ port }: { port?: number }) => serveUntil(context(), port, stopped));
}

/**
 * Serves the page over the tables of a context until something has come to be, which is asked for once it is served.
 *
 * @param query of the address that is printed, such as `?view=playback`
 */
export async function serveUntil(
  context: Context,
  port: number | undefined,
  until: () => Promise<void>,
  query = '',
): Promise<void> {
  const { answering, describedQuestions } = await import('./answering.ts');
  const { Feed } = await import('../serve/feed.ts');
  const { pageFiles } = await import('../serve/page-files.ts');
  const { serve } = await import('../serve/server.ts');
  const { paths, tiers, now, out, err } = context;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const feed = new Feed(paths, tiers);
  try {
    const serving = await serve(
      {
        ...{ paths, tiers, token, now, feed, version: version(), files: pageFiles() },
        // Beside a run, which has started this process, looking may not slow what is looked at.
        share: process.connected ? SHARE_BESIDE_RUN : 1,
        answer: answering(context),
        described: describedQuestions(context),
      },
      port ?? 0,
    ).catch((error: unknown) => {
      throw portTaken(error, port);
    });
    out(`http://127.0.0.1:${serving.port}/${query}#token=${token}\n`);
    err('Open this address. It is for you alone; stop with Ctrl-C.\n');
    await until();
    await serving.close();
  } finally {
    feed.close();
  }
}

/** Resolves when this process is told to stop, or whoever has started it for itself is gone. */
function stopped(): Promise<void> {
  return new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    process.once('disconnect', () => resolve());
  }).then(() => {
    // An open channel would keep this process alive.
    if (process.connected) process.disconnect();
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a number from 1 to 65535.');
}

function portTaken(error: unknown, port: number | undefined): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new ProjectorError(
    {
      code: 'port_taken',
      message: `Something listens on port ${port} already.`,
      expected: 'a port that is free',
      found: `EADDRINUSE on 127.0.0.1:${port}`,
      remedy: 'Leave --port out, or name another one.',
    },
    EXIT.failed,
  );
}
