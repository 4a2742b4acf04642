import { expect } from '@jest/globals';
import type { Backend } from './backend.ts';
import { expectedSums, type Sums } from './expected-sums.ts';
import type { ExportedInstall, Moment } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf } from './sums.ts';

/** What the tables of an install tell of what came after a moment. */
export function derivedSums(install: ExportedInstall, after: Moment): Sums {
  return expectedSums(install.derived(), install.days(after.since), after);
}

/** Holds all that a backend was sent against all that is derived, of which nothing may have been told anew meanwhile. */
export function expectEqualSums(install: ExportedInstall, backend: Backend, after: Moment): void {
  const derived = derivedSums(install, after);
  expect(install.revisions()).toBe(0);
  expect(receivedSums(backend.accepted('/v1/metrics'))).toEqual(derived);
  for (const path of ['/v1/logs', '/batch/'] as const) {
    expect(counts(eventsOf(backend.accepted(path)))).toEqual(derived.names);
  }
}
