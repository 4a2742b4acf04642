import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { packagePath } from '../projector/store/paths.ts';

export const PROJECTOR = packagePath('dist', 'projector', 'cli', 'main.js');
export const DAEMON = packagePath('dist', 'fixtures', 'daemon', 'process.js');

/** A process of Node's beside this one. */
export class Child {
  readonly process: ChildProcess;
  /** Resolves with what it printed; rejects when it failed. */
  readonly ended: Promise<string>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], { env = {}, ...options }: SpawnOptions = {}) {
    this.process = spawn(process.execPath, args, {
      cwd: packagePath(),
      stdio: 'pipe',
      env: { ...process.env, ...env },
      ...options,
    });
    this.process.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.process.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    this.ended = new Promise((resolve, reject) => {
      this.process.once('close', (code, signal) => {
        if (code === 0) resolve(this.#stdout);
        else reject(new Error(`Expected ${args.join(' ')} to end with 0, got ${code ?? signal}: ${this.#stderr}`));
      });
    });
    // Whoever awaits it hears of a failure; nobody may be waiting at the moment.
    this.ended.catch(() => {});
  }

  /** What it has printed by now. */
  get printed(): string {
    return this.#stdout;
  }

  /** Resolves once stderr holds the text; rejects when the process ends without it. */
  async says(text: string): Promise<void> {
    while (!this.#stderr.includes(text)) {
      const ended = this.ended.then(() => true);
      const spoke = new Promise<false>((resolve) => this.process.stderr?.once('data', () => resolve(false)));
      if (await Promise.race([ended, spoke])) throw new Error(`Expected "${text}", got ${this.#stderr}`);
    }
  }

  /** The next message that it sends; rejects when it ends without one. */
  async message<T>(): Promise<T> {
    const message = new Promise<T>((resolve) => this.process.once('message', (value) => resolve(value as T)));
    const ended = this.ended.then((): T => {
      throw new Error('Expected a message, got the end of the process');
    });
    return await Promise.race([message, ended]);
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await this.ended;
  }
}

/** The last line that a script printed, which is JSON. */
export async function lastLine<T>(args: readonly string[], options: SpawnOptions = {}): Promise<T> {
  const printed = await new Child(args, options).ended;
  return JSON.parse(printed.trim().split('\n').at(-1)!) as T;
}

/** A script of the bench, run as this one is. */
export const script = (name: string): string[] => ['--import', 'tsx', packagePath('bench', `${name}.ts`)];

/** What the program needs to know to work in a data directory. */
export const environment = (dataDir: string): Record<string, string> => ({
  AO_DATA_DIR: dataDir,
  AO_TELEMETRY_METRICS: 'on',
  AO_TELEMETRY_EVENTS: 'on',
  // What is measured was written in one summer, however long ago that is by now.
  AO_PROJECTOR_RETENTION: '10000w',
});

/** Runs `work` beside a tail that is live. */
export async function besideRun<T>(dataDir: string, work: (run: Child) => Promise<T>): Promise<T> {
  const run = new Child([PROJECTOR, 'run'], { env: environment(dataDir) });
  try {
    await run.says('Tailing');
    return await work(run);
  } finally {
    await run.stop();
  }
}
