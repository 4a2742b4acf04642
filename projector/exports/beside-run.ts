import { EMPTY, type Observable } from 'rxjs';
import type { Store } from '../store/store.ts';
import { noteConsents } from './consent.ts';
import type { ExportSettings } from './settings.ts';

export interface BesideRun {
  readonly store: Store;
  /** Null where nothing is to be sent anywhere. */
  readonly settings: ExportSettings | null;
  /** Whether the events tier is on. */
  readonly events: boolean;
  readonly commits: Observable<unknown>;
  readonly now: () => number;
  readonly notice: (message: string) => void;
  readonly stop: Observable<unknown>;
}

/**
 * What is exported beside a run. Where a sink is off, consent to it ends here, and what waited for it is dropped. Nothing that
 * could send anything is loaded before something is to be sent.
 */
export async function exportsBeside({ settings, events, ...options }: BesideRun): Promise<Observable<never>> {
  const { store, now, notice } = options;
  if (settings === null) {
    noteConsents(store.analytics, [], { history: store.history, change_log: 0, telemetry: 0 }, now());
    return EMPTY;
  }
  const { transportsOf } = await import('./transports.ts');
  const { exporting } = await import('./exporting.ts');
  const transports = transportsOf(settings, events, now);
  for (const { sink, destination } of transports) {
    notice(`Exporting ${sink === 'metrics' ? 'metrics' : 'events'} to ${destination}.`);
  }
  if (!events) notice('Events are exported only with AO_TELEMETRY_EVENTS=on.');
  return exporting({ ...options, settings, transports });
}
