import { expect, jest, test } from '@jest/globals';
import { lastValueFrom, NEVER, ReplaySubject } from 'rxjs';
import { writeVolume } from '../../fixtures/volume.ts';
import { noteConsents } from '../../projector/exports/consent.ts';
import { exporting } from '../../projector/exports/exporting.ts';
import { Look } from '../../projector/exports/look.ts';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import { begin, openStore } from '../properties/harness.ts';
import { hostPath } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

const START = Date.UTC(2026, 5, 1);

jest.setTimeout(60_000);

test('a run that is to stop takes in no more than it has begun, however much has settled', async () => {
  await withFolder(async (folder) => {
    const now = () => START;
    writeVolume(hostPath(folder), { rows: 30_000, mix: 'R', startAt: START });
    const store = openStore(folder, now);
    begin(store).close();
    const settings = exportSettingsOf({
      AO_PROJECTOR_REMOTE: 'otlp',
      AO_PROJECTOR_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
    const transports = transportsOf(settings, true, now);
    const settled = () => store.analytics.prepare('SELECT count(*) FROM settled_event').pluck().get() as number;
    const consentToAll = () => {
      const derived = { history: store.history, change_log: 0, telemetry: 0 };
      noteConsents(store.analytics, [], derived, START);
      noteConsents(store.analytics, transports, derived, START);
    };

    consentToAll();
    await new Look({ store, settings, transports, now }).settle();
    const all = settled();

    consentToAll();
    const stop = new ReplaySubject<void>(1);
    const stopping = {
      ...settings,
      isDisabled: () => {
        queueMicrotask(() => stop.next());
        return false;
      },
    };
    const options = { store, settings: stopping, transports, commits: NEVER, now, notice: () => {}, stop };
    await lastValueFrom(exporting(options), { defaultValue: null });
    expect(settled()).toBeGreaterThan(0);
    expect(settled()).toBeLessThan(all);
    store.close();
  });
});
