import { settleReturns } from './active-days.ts';
import { joinEnds } from './causes.ts';
import { settleOnboarding } from './onboarding.ts';
import { retractSession } from './sessions.ts';
import { settleSessions } from './standing.ts';
import { settleStarts } from './starts.ts';
import type { State } from './state.ts';
import { settleSpans } from './time-rules.ts';
import { settleTraces } from './traces.ts';

export { foldChange } from './changes.ts';
export { foldJournal } from './journal.ts';

/** Each projection and its version. A version that differs from the one a derived file was made with makes it stale. */
export const PROJECTIONS = [
  { name: 'sessions', version: 4 },
  { name: 'pulls', version: 2 },
  { name: 'onboarding', version: 3 },
  { name: 'failures', version: 3 },
  { name: 'usage', version: 2 },
] as const;

/** Un-reads the incarnations whose creation rows (by seq) are gone from the host database. */
export function foldVanished(state: State, born: readonly number[]): void {
  for (const seq of born) {
    const session = state.sessions.byBorn(seq);
    if (session && !session.firm) retractSession(state, session);
  }
}

/** Joins the streams and settles what depends on all facts so far. Runs once before a batch commits. */
export function settle(state: State): void {
  settleSessions(state);
  settleTraces(state);
  settleSpans(state);
  joinEnds(state);
  settleStarts(state);
  settleOnboarding(state);
  settleReturns(state);
}
