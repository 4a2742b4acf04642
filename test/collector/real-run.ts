import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { fromMilliseconds, SimulatedClock } from '../../fixtures/daemon/time.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { StatusAnswer } from '../../projector/answers/status.ts';
import { END_SETTLES_MS, SETTLES_MS } from '../../projector/exports/settling.ts';
import type { ExportStatusAnswer } from '../../projector/exports/status.ts';
import { daemonProcess, hostPath, placesIn, projector, type Running, tiersOn } from '../support/processes.ts';
import type { Consent } from './derived.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `ao-projector run` as users have it, beside a daemon by whose clock days pass in seconds. */
export class RealRun {
  /** Since when exports are consented to, and how far the tables were by then. */
  readonly consent: Consent;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #run: Running;

  private constructor(folder: string, env: Readonly<Record<string, string>>, run: Running, consent: Consent) {
    this.consent = consent;
    this.#folder = folder;
    this.#env = env;
    this.#run = run;
  }

  /** Resolves once exports are consented to. The daemon has written a little by then, which is not to be told. */
  static async start(folder: string, exportsTo: Readonly<Record<string, string>>): Promise<RealRun> {
    writeALittle(folder);
    const env = { ...tiersOn(folder), ...exportsTo };
    const run = projector(env, 'run');
    await run.says('Exporting events');
    for (;;) {
      const [exported] = await json<ExportStatusAnswer>(env, 'export', 'status');
      const [status] = await json<StatusAnswer>(env, 'status');
      const since = exported!.sinks[0]!.since;
      if (since !== null) return new RealRun(folder, env, run, { ...status!.as_of!, since });
    }
  }

  /** The daemon goes on for some steps of its history. */
  async write(steps: number): Promise<void> {
    const { code, stderr } = await daemonProcess(this.#folder, '--seed', '3', '--rate', '400', '--steps', String(steps))
      .ended;
    if (code !== 0) throw new Error(`Expected the daemon to write its history, but it said: ${stderr}`);
  }

  /** The events that the tables hold of what came after consent; the history has rows that are of long before. */
  async derived(): Promise<EventAnswer[]> {
    const events = await json<EventAnswer>(this.#env, 'events');
    return events.filter(
      ({ at, cause_stream, cause_position }) => at >= this.consent.since && cause_position > this.consent[cause_stream],
    );
  }

  async stop(): Promise<void> {
    await this.#run.stop();
  }
}

/** By a clock that is ahead: consent is given by that of this machine, and what is from before is never told. */
function writeALittle(folder: string): void {
  const clock = new SimulatedClock(fromMilliseconds(Date.now() + DAY_MS));
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(hostPath(folder), { version: 82, clock, runFile });
  daemon.lifecycle.start();
  daemon.projects.add('web');
  daemon.spawns.spawn('web');
  daemon.lifecycle.stop();
  daemon.close();
}

async function json<T>(env: Readonly<Record<string, string>>, ...args: string[]): Promise<T[]> {
  const { code, stdout, stderr } = await projector(env, ...args, '--json').ended;
  if (code !== 0) throw new Error(`Expected an answer to ${args.join(' ')}, but it said: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Those that have settled for certain: so much came after them in their own stream. */
export function mustHaveSettled(events: readonly EventAnswer[]): EventAnswer[] {
  const newestOf = (stream: string) =>
    Math.max(...events.filter(({ cause_stream }) => cause_stream === stream).map(({ at }) => at));
  const newest = { change_log: newestOf('change_log'), telemetry: newestOf('telemetry') };
  return events.filter(({ name, at, cause_stream }) => {
    const settlesMs = MINUTE_MS + (name === 'ao.session.killed' ? END_SETTLES_MS : SETTLES_MS);
    return newest[cause_stream] - at >= settlesMs;
  });
}
