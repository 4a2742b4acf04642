import { expect, test } from '@jest/globals';
import { EVENTS } from '../../../projections/vocabulary.ts';
import { ask } from '../../../projector/answers/funnel/ask.ts';
import { parseQuestion } from '../../../projector/answers/funnel/question-json.ts';
import { at, ms } from '../../oracle/tiny.ts';
import { asked } from './asked.ts';

test('in any order the value counts of whichever event opened the window', () => {
  const question = parseQuestion(
    {
      steps: [EVENTS.merged, EVENTS.prObserved, EVENTS.spawned].map(({ name }) => ({ events: [name] })),
      order: 'any',
      by: 'name',
    },
    ms(3_600),
  );
  const told = asked(
    (host) =>
      host
        .created('web-1', at('0'))
        .idle('web-1', at('1'))
        .found('https://web/1', 'web-1', at('5'))
        .found('https://web/2', 'web-2', at('6')),
    (source) => ask(source, question),
  );
  expect(told.breakdown.map(({ value, steps }) => [value, ...steps.map(({ reached }) => reached)])).toEqual([
    ['ao.session.spawned', 1, 1, 0],
  ]);
});
