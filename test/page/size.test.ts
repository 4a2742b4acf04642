import { expect, test } from '@jest/globals';
import { pageFiles } from '../../projector/serve/page-files.ts';

const MOST_BYTES = 150_000;

test('all scripts of the page together are small', () => {
  const scripts = [...pageFiles()].filter(([path]) => path.endsWith('.js'));
  expect(scripts.map(([path]) => path)).toContain('/projector/page/main.js');
  const bytes = scripts.reduce((sum, [, { content }]) => sum + content.length, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
