import { isDeepStrictEqual } from 'node:util';
import type { DerivedEvent } from '../../projections/state.ts';
import { eventByName, eventId, eventParts } from '../../projections/vocabulary.ts';
import type { EventAnswer } from '../answers/events.ts';
import { fingerprintOf } from '../answers/failures.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import type { Replayed } from './replay.ts';

/** What a test is to show: a group of failures or an event, by the beginning of what it is known by, or the first difference. */
export type Wish = { readonly failure: string } | { readonly event: string } | 'difference';

/** Tells whether an event, as the fold made it, is one of those that a test is to show. */
export type Wanted = (event: DerivedEvent) => boolean;

/** What is wished for, among what was derived; throws where it was not. */
export function wantedOf(replayed: Replayed, wish: Wish): Wanted {
  if (wish === 'difference') return wantedOf(replayed, wishOfDifference(replayed));
  const { events, failures } = replayed.derived;
  if ('failure' in wish) {
    const group = only(
      failures.groups.map(({ fingerprint }) => fingerprint),
      wish.failure,
      'a group of failures',
    );
    return (event) => eventParts(event.id).definition.category === 'failure' && fingerprintOf(event) === group;
  }
  const id = only(
    events.map((event) => event.id),
    wish.event,
    'an event',
  );
  return sameAs(events.find((event) => event.id === id)!);
}

function sameAs({ name, subject_kind, at, cause_stream, cause_position, dimensions, measures }: EventAnswer): Wanted {
  const row = eventId(cause_stream, cause_position, eventByName(name)!);
  const { harness: _, session_kind: __, ...own } = dimensions;
  // Harness and kind of a session stand beside its events: they are not what these are about.
  const told = subject_kind === 'session' || subject_kind === 'pr' ? own : dimensions;
  return (event) =>
    event.id === row &&
    event.at === at &&
    isDeepStrictEqual({ ...event.dimensions }, told) &&
    isDeepStrictEqual({ ...event.measures }, measures);
}

function wishOfDifference({ derived, difference, bundle }: Replayed): Wish {
  if (!bundle || !difference) {
    throw wrong(
      'no_difference',
      'There is no difference to show.',
      'a bug report that is projected differently',
      'none',
    );
  }
  const { id } = difference;
  if (derived.events.some((event) => event.id === id)) return { event: id };
  if (derived.failures.groups.some(({ fingerprint }) => fingerprint === id)) return { failure: id };
  throw wrong(
    'difference_not_derived',
    'The difference is something that is not derived any more.',
    'something that is derived now, so that facts can be left out as long as it is',
    `${difference.name}, which only the bug report tells`,
  );
}

function only(ids: readonly string[], prefix: string, what: string): string {
  const found = ids.filter((id) => id.startsWith(prefix));
  if (found.length === 1) return found[0]!;
  throw wrong(
    'wish_unknown',
    `There is no one such thing as ${JSON.stringify(prefix)} among what was derived.`,
    `${what}, by the beginning of its id, which no other has`,
    `${found.length} that begin so`,
  );
}

function wrong(code: string, message: string, expected: string, found: string): ProjectorError {
  const remedy = 'See `ao-projector replay FILE --json`, or `ao-projector bug-report open FILE`, for what there is.';
  return new ProjectorError({ code, message, expected, found, remedy }, EXIT.usage);
}
