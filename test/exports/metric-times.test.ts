import { expect, jest, test } from '@jest/globals';
import { expectEqualSums } from './equal-sums.ts';
import { HOUR_MS } from './exported-install.ts';
import { expectWholeSpans, spansOf } from './spans.ts';
import { withInstall, withTemporality } from './with-install.ts';

jest.setTimeout(60_000);

test.each(['cumulative', 'delta'])(
  '%s metrics follow one another where the clock stood still or was set back',
  async (temporality) => {
    await withTemporality(temporality, () =>
      withInstall({ even: false }, async (install, backend) => {
        const consent = install.moment();
        for (const wentOn of [HOUR_MS, 0, -2 * HOUR_MS, HOUR_MS]) {
          install.daemon.host.clock.step(BigInt(wentOn) * 1_000_000n);
          install.daemon.cli.usageError('ao spawn');
          install.follow();
          await install.settle();
          expect(await install.send('metrics')).toMatchObject({ outcome: 'accepted' });
        }
        const spans = spansOf(backend.accepted('/v1/metrics'));
        expect(spans).toHaveLength(4);
        expectWholeSpans(spans, temporality, consent.since);
        await install.finish();
        expectEqualSums(install, backend, consent);
      }),
    );
  },
);
