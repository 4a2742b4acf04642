import type { BundleFacts } from '../bundle/facts.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { shownBy, smallestHistory } from '../replay/as-test.ts';
import type { Replayed } from '../replay/replay.ts';
import { writeSpec } from '../replay/spec.ts';
import { type Wish, wantedOf } from '../replay/wanted.ts';

/** Options that say what a test is to show. */
export interface WishOptions {
  readonly failure?: string;
  readonly event?: string;
  readonly difference?: true;
}

/** What the options ask for; throws unless it is one thing. */
export function wishOf({ failure, event, difference }: WishOptions): Wish {
  const wishes: Wish[] = [];
  if (failure !== undefined) wishes.push({ failure });
  if (event !== undefined) wishes.push({ event });
  if (difference) wishes.push('difference');
  if (wishes.length === 1) return wishes[0]!;
  throw new ProjectorError(
    {
      code: 'wish_missing',
      message: '--as-test needs to know what the test shows.',
      expected: 'one of --failure GROUP, --event ID and --difference',
      found: `${wishes.length} of them`,
      remedy: 'See `ao-projector replay FILE --json` for events, and `ao-projector bug-report open FILE` for groups.',
    },
    EXIT.usage,
  );
}

/** Writes the test into the folder that the command was given in, and says what came of it. */
export async function asTest(replayed: Replayed, wish: Wish, name: string, stop: AbortSignal): Promise<string> {
  const wanted = wantedOf(replayed, wish);
  const folder = replayed.paths.dataDir;
  const { facts, tries, isMinimal } = await smallestHistory(replayed.facts, wanted, { folder, stop });
  const [fixture, spec] = writeSpec('.', name, facts, shownBy(facts, wanted, folder));
  const count = ({ changes, journal }: BundleFacts) => changes.length + journal.length;
  const bound = isMinimal ? '' : '; the tries came to their end, so there may be a smaller one';
  return `${fixture}: ${count(facts)} of ${count(replayed.facts)} facts, found in ${tries} tries${bound}\n${spec}\n`;
}
