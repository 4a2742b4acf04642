import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACTIVITIES, type ChangeFact } from '../../../projections/facts.ts';
import { packFacts, unpackFacts } from '../../../projector/pipeline/packed-facts.ts';

const integer = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const base = { seq: integer, at: fc.maxSafeInteger(), nanos: fc.nat(999_999), project: integer };
const activity = fc.constantFrom(...ACTIVITIES);
const word = fc.oneof(fc.constantFrom('web-1', ''), fc.string());

const fact: fc.Arbitrary<ChangeFact> = fc.oneof(
  fc.record({
    type: fc.constant('session_updated' as const),
    ...base,
    session: word,
    activity,
    terminated: fc.boolean(),
    preview: word,
    host: integer,
  }),
  fc.record({ type: fc.constant('session_chatted' as const), ...base, session: word }),
  fc.record({
    type: fc.constant('session_created' as const),
    ...base,
    session: word,
    activity,
    terminated: fc.boolean(),
  }),
  fc.record({ type: fc.constant('pr_check_recorded' as const), ...base, url: word, commit: word }),
);

test('facts come out of the package in the order and as they went in', () => {
  fc.assert(
    fc.property(fc.array(fact), (facts) => {
      expect([...unpackFacts(packFacts(facts))]).toEqual(facts);
    }),
  );
});
