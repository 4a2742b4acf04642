import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { TriggersState } from '../host/trigger-state.ts';
import { Store } from '../store/store.ts';
import { isOn } from '../tiers.ts';
import { type Context, maySwitchOn } from './context.ts';
import { watchTriggers } from './heal.ts';
import { Progress } from './progress.ts';
import { retentionOf } from './retention.ts';
import { portOption } from './serve.ts';
import { serveBeside } from './serve-beside.ts';

export function runCommand(program: Command, context: () => Context): void {
  program
    .command('run')
    .description('tail the daemon until stopped, and keep the derived tables up to date')
    .option('--heal', 'install triggers again that were lost (also AO_PROJECTOR_HEAL_TRIGGERS=on)')
    .option('--serve', 'serve the page beside it, as `ao-projector serve` does')
    .addOption(portOption().implies({ serve: true }))
    .addHelpText('after', '\nExample:\n  AO_TELEMETRY_EVENTS=on ao-projector run')
    .action((options: Options) => runAction(context(), options));
}

interface Options {
  readonly heal?: true;
  readonly serve?: true;
  readonly port?: number;
}

async function runAction(context: Context, { heal: healAsked, serve, port }: Options): Promise<void> {
  if (!maySwitchOn(context)) return;
  const { fromEvent, ignoreElements, lastValueFrom, merge, shareReplay, take } = await import('rxjs');
  const { run } = await import('../pipeline/run.ts');
  const { waitForHost } = await import('../pipeline/wait-for-host.ts');
  const { env, paths, tiers, now, pid } = context;
  const settings = tiers.remote.length > 0 ? (await import('../exports/settings.ts')).exportSettingsOf(env) : null;
  const retention = retentionOf(env);
  const heal = healAsked === true || isOn(env, 'AO_PROJECTOR_HEAL_TRIGGERS');
  const stop = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(take(1), shareReplay(1));
  const stopping = stop.subscribe();
  const notice = (message: string) => context.err(`${message}\n`);
  const isStopped = () => stopping.closed;
  if (!(await waitForHost(paths.host, notice, isStopped))) return;
  const store = Store.open({ paths, events: tiers.events, now, pid });
  const page = serve ? serveBeside(port, notice) : null;
  try {
    const number = await upToDate(context, store, notice, isStopped);
    if (number === null) return;
    notice(`Tailing ${paths.host}. Stop with Ctrl-C.`);
    const onTriggers = (state: TriggersState) => watchTriggers(paths.host, state, heal, now(), notice);
    const { exportsBeside } = await import('../exports/beside-run.ts');
    const commits = run({ store, number, now, retention, notice, onTriggers, stop });
    const exports = await exportsBeside({ store, settings, events: tiers.events, commits, now, notice, stop });
    await lastValueFrom(merge(commits, exports).pipe(ignoreElements()), { defaultValue: null });
    notice('Stopped; everything is committed.');
  } finally {
    page?.close();
    stopping.unsubscribe();
    store.close();
  }
}

/** Number of a derived file that can be gone on with, rebuilt first where it must be; null when stopped meanwhile. */
async function upToDate(
  context: Context,
  store: Store,
  notice: (message: string) => void,
  isStopped: () => boolean,
): Promise<number | null> {
  const present = store.current();
  if ('number' in present) return present.number;
  notice(`Rebuilding first: ${present.stale}.`);
  const { rebuild } = await import('../pipeline/rebuild.ts');
  const progress = new Progress(context);
  for (const step of rebuild(store)) {
    progress.show(step);
    store.lease.beat(context.now());
    await setImmediate();
    if (isStopped()) return null;
  }
  progress.done();
  const made = store.current();
  if ('number' in made) return made.number;
  throw new Error(`Expected a whole derived file after the rebuild, found that ${made.stale}`);
}
