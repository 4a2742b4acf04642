import { test } from '@jest/globals';
import { expectEqualSums } from './equal-sums.ts';
import { withInstall } from './with-install.ts';

test('everything that is derived after consent is received once', async () => {
  await withInstall({ seed: 3, even: false, stepsBefore: 100 }, async (install, backend) => {
    const consent = install.moment();
    install.write(400);
    await install.finish();
    expectEqualSums(install, backend, consent);
  });
});
