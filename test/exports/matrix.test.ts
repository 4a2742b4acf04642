import { describe, expect, jest, test } from '@jest/globals';
import type { SinkName } from '../../projector/exports/sinks.ts';
import type { Backend } from './backend.ts';
import { derivedSums, expectEqualSums } from './equal-sums.ts';
import { type ExportedInstall, HOUR_MS, type Moment } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { expectWholeSpans, spansOf } from './spans.ts';
import { counts, eventsOf } from './sums.ts';
import { withInstall, withTemporality } from './with-install.ts';

jest.setTimeout(60_000);

const SINKS: readonly SinkName[] = ['metrics', 'logs', 'posthog'];
const RETRY_AFTER_MS = 120_000;

/** A history in which everything that is added up happens. */
const STORY = { seed: 82, triggers: true, stepsBefore: 20 };

type Fault = (install: ExportedInstall, backend: Backend, consent: Moment) => Promise<void>;

/** What happens between two stretches in which nothing does. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'nothing stands in the way': async () => {},
  'it is killed after something has settled and before it stands in a batch': async (install) => {
    await settleSome(install);
    install.restart();
  },
  'it is killed after a batch is made and before it is sent': async (install) => {
    await settleSome(install);
    for (const sink of SINKS) expect(install.leaving(sink)).not.toBeNull();
    install.restart();
  },
  'it is killed after a batch is received and before that is noted': async (install) => {
    await settleSome(install);
    for (const sink of SINKS) expect(await install.sendAndLose(sink)).toMatchObject({ outcome: 'accepted' });
    install.restart();
  },
  'it starts again three times': async (install) => {
    for (let start = 0; start < 3; start++) {
      install.restart();
      await goOn(install, 10);
    }
  },
  'the tables are made anew': async (install) => {
    install.write(20);
    install.rebuild();
    await goOn(install, 10);
  },
  'the receiver is down for an hour in which the daemon writes on': async (install, backend) => {
    await backend.down();
    for (const until = install.now() + HOUR_MS; install.now() < until; ) {
      await settleSome(install, 5);
      for (const sink of SINKS) expect((await install.send(sink))?.outcome).not.toBe('accepted');
    }
    for (const sink of SINKS) expect(await install.send(sink)).toMatchObject({ outcome: 'failed' });
    await backend.up();
  },
  'the receiver asks for time': async (install, { receiver }) => {
    receiver.answer = () => ({ status: 503, headers: { 'Retry-After': String(RETRY_AFTER_MS / 1_000) } });
    await settleSome(install);
    for (const sink of SINKS) {
      expect(await install.send(sink)).toMatchObject({ outcome: 'failed', afterMs: RETRY_AFTER_MS });
    }
    receiver.answer = () => ({});
    install.later(RETRY_AFTER_MS);
  },
  'the receiver is slow': async (install, { receiver }) => {
    receiver.answer = () => ({ delayMs: 20 });
    await goOn(install, 10);
    receiver.answer = () => ({});
  },
  'one sink hangs and the others do not': async (install, backend, consent) => {
    const { receiver } = backend;
    receiver.answer = ({ path }) => (path === '/v1/logs' ? { hang: true } : {});
    await settleSome(install);
    await install.settleAll();
    const before = receiver.received.length;
    const giveUp = new AbortController();
    const hanging = install.send('logs', giveUp.signal);
    await receiver.until(({ received }) => received.length > before);
    await install.send('metrics');
    await install.send('posthog');
    const derived = derivedSums(install, consent);
    expect(receivedSums(backend.accepted('/v1/metrics'))).toEqual(derived);
    expect(counts(eventsOf(backend.accepted('/batch/')))).toEqual(derived.names);
    expect(counts(eventsOf(backend.accepted('/v1/logs')))).not.toEqual(derived.names);
    giveUp.abort();
    expect(await hanging).toMatchObject({ outcome: 'failed' });
    receiver.answer = () => ({});
  },
};

/** The same while more is looked through than fits into one transaction. Protocols make no difference to that. */
const FAULTS_BETWEEN_PAGES: Readonly<Record<string, Fault>> = {
  'it is killed': async (install) => {
    writeMany(install);
    const settling = install.settle();
    expect(install.waiting()).toBeGreaterThan(0);
    install.restart();
    await expect(settling).rejects.toThrow('not open');
  },
  'the tables are made anew': async (install) => {
    writeMany(install);
    const settling = install.settle();
    const waiting = install.waiting();
    install.rebuild();
    await settling;
    expect(install.waiting()).toBeGreaterThan(waiting);
  },
};

const WAYS = (['cumulative', 'delta'] as const).flatMap((temporality) =>
  (['http/json', 'http/protobuf'] as const).map((protocol) => [temporality, protocol] as const),
);

describe.each(WAYS)('%s metrics and events over %s come to what is derived, where', (temporality, protocol) => {
  test.each(Object.entries(FAULTS))('%s', (_, fault) => holds(temporality, protocol, fault));
});

describe.each([WAYS.at(0)!, WAYS.at(-1)!])(
  '%s metrics and events over %s come to what is derived, where between two pages of settled events',
  (temporality, protocol) => {
    test.each(Object.entries(FAULTS_BETWEEN_PAGES))('%s', (_, fault) => holds(temporality, protocol, fault));
  },
);

test('in that history everything happens that is added up', async () => {
  await withInstall(STORY, async (install) => {
    const consent = install.moment();
    install.write(40);
    const { durations, ends } = derivedSums(install, consent);
    const observed = ['wait', 'spawn launched', 'spawn failed', 'session ao.pr.merged', 'pr ao.pr.merged'];
    expect(Object.keys(durations)).toEqual(expect.arrayContaining(observed));
    expect(ends).not.toEqual({});
  });
});

test('metrics that were cumulative may be deltas from a restart on', async () => {
  await withInstall(STORY, async (install, backend) => {
    const consent = install.moment();
    await withTemporality('cumulative', async () => {
      install.write(60);
      await install.finish();
      expectEqualSums(install, backend, consent);
    });
    const cumulative = spansOf(backend.accepted('/v1/metrics'));
    await withTemporality('delta', async () => {
      install.restart();
      await goOn(install, 40);
      await goOn(install, 40);
      await install.finish();
    });
    expectEqualSums(install, backend, consent);
    const deltas = spansOf(backend.accepted('/v1/metrics')).slice(cumulative.length);
    expectWholeSpans(cumulative, 'cumulative', consent.since);
    expectWholeSpans(deltas, 'delta', cumulative.at(-1)!.time);
  });
});

function holds(temporality: string, protocol: string, fault: Fault): Promise<void> {
  return withTemporality(temporality, () =>
    withInstall({ ...STORY, env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol } }, async (install, backend) => {
      const consent = install.moment();
      await goOn(install, 20);
      await fault(install, backend, consent);
      await goOn(install, 20);
      await install.finish();
      expectEqualSums(install, backend, consent);
      expectWholeSpans(spansOf(backend.accepted('/v1/metrics')), temporality, consent.since);
    }),
  );
}

/** The daemon writes, and all that settles is sent. */
async function goOn(install: ExportedInstall, steps: number): Promise<void> {
  await settleSome(install, steps);
  for (const sink of SINKS) await install.send(sink);
}

async function settleSome(install: ExportedInstall, steps = 20): Promise<void> {
  install.write(steps);
  await install.settle();
}

/** More than are looked through in one transaction. */
function writeMany(install: ExportedInstall): void {
  const { cli, host, telemetry } = install.daemon;
  telemetry.on = true;
  host.together(() => {
    for (let mistake = 0; mistake < 2_100; mistake++) {
      cli.usageError('ao spawn');
      host.pass(10_000);
    }
  });
  install.follow();
}
