import { afterAll, expect, jest, test } from '@jest/globals';
import { Random } from '../../fixtures/random.ts';
import { removeCompiled } from './failing-files.ts';
import { tryFault } from './fault.ts';
import { FAULTS } from './faults.ts';

jest.setTimeout(60_000);
afterAll(removeCompiled);

test.each(FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
  const { times, lost, unavailable } = await tryFault(fault, { extent: 'short', random: new Random(7) });
  expect(lost).toBeNull();
  expect(times > 0 || unavailable !== null).toBe(true);
});
