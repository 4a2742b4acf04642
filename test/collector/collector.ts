import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { packagePath } from '../../projector/store/paths.ts';
import { freePort } from '../support/free-port.ts';
import { pause } from '../support/processes.ts';

/** An OpenTelemetry Collector that runs. */
export interface Collector {
  readonly url: string;
  /** What its debug exporter has printed so far. */
  printed(): string;
  /** Stops it once it has handed on all that it took; resolves with what was printed. */
  stop(): Promise<string>;
}

/** Starts a collector that prints all that it takes. */
export async function startPrinting(program: string): Promise<Collector> {
  const port = await freePort();
  const config = packagePath('test', 'collector', 'config.yaml');
  return startCollector(program, `http://127.0.0.1:${port}`, config, { PORT: String(port) });
}

/** Starts a collector and waits until it listens at `url`. Throws what it said where it ends instead. */
export async function startCollector(
  program: string,
  url: string,
  config: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Collector> {
  const child = spawn(program, ['--config', config], { env: { PATH: process.env.PATH ?? '', ...env } });
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  while (!(await listens(url))) {
    if (hasEnded(child)) throw new Error(`Expected the collector to start, but it ended and said: ${said}`);
    await pause(50);
  }
  return {
    url,
    printed: () => printed,
    stop: async () => {
      if (hasEnded(child)) return printed;
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      return printed;
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function listens(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
