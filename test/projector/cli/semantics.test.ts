import { expect, jest, test } from '@jest/globals';
import { loadRecorded } from '../../../fixtures/recorded.ts';
import { hostPath, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

test('a funnel by the rules of other tools, alone and side by side', async () => {
  await withFolder(async (folder) => {
    loadRecorded('v19', hostPath(folder)).close();
    const answer = async (...args: string[]) => {
      const { code, stdout, stderr } = await projector(tiersOn(folder), ...args).ended;
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      return stdout;
    };
    await answer('rebuild');
    const alone = JSON.parse(await answer('funnel', 'session', '--semantics', 'mixpanel', '--json'));
    expect(alone.semantics).toEqual({ name: 'mixpanel', modes: [], notes: [expect.stringContaining('optional')] });
    const sideBySide = JSON.parse(await answer('funnel', 'compare', 'session', '--json'));
    expect(sideBySide.steps[0].reached).toEqual({ ours: 11, clickhouse: 11, posthog: 11, mixpanel: 11 });
    const told = await answer('funnel', 'compare', 'attention', '--mode', 'strict_order');
    expect(told).toMatch(/^step +ours +clickhouse +posthog +mixpanel\n/);
    expect(told).toContain('note: windowFunnel answers once a subject');
  });
});

test.each([
  [['funnel', 'session', '--semantics', 'amplitude']],
  [['funnel', 'session', '--mode', 'strict_order']],
  [['funnel', 'compare', 'session', '--order', 'any', '--mode', 'strict_order']],
])('%j is a usage error', async (args) => {
  const { code } = await projector({ AO_DATA_DIR: '/nowhere' }, ...args).ended;
  expect(code).toBe(2);
});
