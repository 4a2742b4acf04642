import type { DerivedEvent } from './state.ts';
import { isOfTelemetry } from './vocabulary.ts';

/** Events in the order of a subject's events, from those in row-id order. */
export function inOrder<T extends Pick<DerivedEvent, 'id' | 'at'>>(events: readonly T[]): readonly T[] {
  if (!events.some(({ id }) => isOfTelemetry(id))) return events;
  const telemetry = events.filter(({ id }) => isOfTelemetry(id));
  const changes = events.filter(({ id }) => !isOfTelemetry(id));
  return [...mergeStreams(changes.values(), telemetry.values())];
}

/**
 * Merges events of the two streams, each in the order of its positions, by the latest time that each has come to: by its
 * events so far, or as `clock` says where some of them are left out. Whoever leaves the loop early ends both iterators.
 */
export function* mergeStreams<T extends Pick<DerivedEvent, 'at'>>(
  changes: Iterator<T>,
  telemetry: Iterator<T>,
  clockOfChanges: Clock<T> = runningMaximum(),
  clockOfTelemetry: Clock<T> = runningMaximum(),
): Generator<T> {
  try {
    let change = changes.next();
    let other = telemetry.next();
    while (!change.done || !other.done) {
      const changeClock = change.done ? Number.POSITIVE_INFINITY : clockOfChanges(change.value);
      const otherClock = other.done ? Number.POSITIVE_INFINITY : clockOfTelemetry(other.value);
      if (!change.done && (other.done || changeClock <= otherClock)) {
        yield change.value;
        change = changes.next();
      } else if (!other.done) {
        yield other.value;
        other = telemetry.next();
      }
    }
  } finally {
    changes.return?.();
    telemetry.return?.();
  }
}

type Clock<T> = (event: T) => number;

function runningMaximum(): Clock<Pick<DerivedEvent, 'at'>> {
  let latest = Number.NEGATIVE_INFINITY;
  return ({ at }) => {
    latest = Math.max(latest, at);
    return latest;
  };
}
