import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';

const CLI = packagePath('dist', 'projector', 'cli', 'main.js');
const DAEMON = packagePath('dist', 'fixtures', 'daemon', 'process.js');

/** Histories of the model and recorded ones are of one summer, however long ago that is by now. */
const NEVER_PRUNED = { AO_PROJECTOR_RETENTION: '10000w' };

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of ours under test. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(
    path: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    options: { uid?: number; cwd?: string } = {},
  ) {
    this.child = spawn(process.execPath, [path, ...args], {
      env: { PATH: process.env.PATH ?? '', ...NEVER_PRUNED, ...env },
      ...options,
    });
    this.child.stdout!.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.child.stderr!.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** What it has said so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Resolves once either output holds the text; rejects when the process ends without it. */
  async says(text: string): Promise<void> {
    const heard = () => this.#stdout.includes(text) || this.#stderr.includes(text);
    while (!heard()) {
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null) {
        const { stdout, stderr } = await this.ended;
        if (heard()) return;
        throw new Error(`Expected ${JSON.stringify(text)}, got ${JSON.stringify(stdout + stderr)}`);
      }
      await pause(5);
    }
  }

  /** The whole lines of its output by now, as soon as there is one. */
  async lines(): Promise<string[]> {
    await this.says('\n');
    while (!this.#stdout.includes('\n')) await pause(5);
    return this.#stdout.slice(0, this.#stdout.lastIndexOf('\n')).split('\n');
  }

  async firstLine(): Promise<string> {
    return (await this.lines())[0]!;
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A data directory of its own, and a run file in it. */
export function placesIn(dataDir: string): { AO_DATA_DIR: string; AO_RUN_FILE: string } {
  return { AO_DATA_DIR: dataDir, AO_RUN_FILE: join(dataDir, 'running.json') };
}

/** Both tiers on, in a data directory of its own. */
export function tiersOn(dataDir: string): Record<string, string> {
  return { ...placesIn(dataDir), AO_TELEMETRY_METRICS: 'on', AO_TELEMETRY_EVENTS: 'on' };
}

/** Starts `ao-projector`, built. */
export function projector(env: Readonly<Record<string, string>>, ...args: string[]): Running {
  return new Running(CLI, args, env);
}

/** Starts `ao-projector`, built, in a working directory. */
export function projectorIn(cwd: string, env: Readonly<Record<string, string>>, ...args: string[]): Running {
  return new Running(CLI, args, env, { cwd });
}

/** Starts `ao-projector`, built, as a user who is not root. */
export function projectorAsNobody(env: Readonly<Record<string, string>>, ...args: string[]): Running {
  return new Running(CLI, args, env, process.getuid?.() === 0 ? { uid: 65_534 } : {});
}

/** Starts a model of the daemon that writes live. */
export function daemonProcess(dataDir: string, ...args: string[]): Running {
  const { AO_RUN_FILE } = placesIn(dataDir);
  return new Running(DAEMON, ['--data-dir', dataDir, '--run-file', AO_RUN_FILE, ...args], {});
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves once something has become so; gives up where it never does, so that no failed test goes on for ever. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 2_000) throw new Error(`Expected it to become so, waited in vain: ${isSo}`);
    await pause(20);
  }
}

/** Where the daemon's database is. */
export function hostPath(dataDir: string): string {
  return join(dataDir, 'ao.db');
}
