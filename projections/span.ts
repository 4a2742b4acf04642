import { countsForClock } from './instant.ts';
import type { Span, State } from './state.ts';

/** Widens a span so that it holds this time. */
export function widen(span: Span, at: number | null): void {
  if (at === null || !countsForClock(at)) return;
  if (span.oldest === null || at < span.oldest) span.oldest = at;
  if (span.newest === null || at > span.newest) span.newest = at;
}

/** Earliest and latest time of the `change_log` facts that exist, those included that may still vanish. */
export function changeSpan(state: State): Span {
  const span = { ...state.progress.span };
  for (const session of state.sessions.pending()) {
    widen(span, session.span.oldest);
    widen(span, session.span.newest);
  }
  return span;
}

/** Earliest and latest time of the facts of both streams that exist. */
export function wholeSpan(state: State): Span {
  const span = changeSpan(state);
  widen(span, state.progress.telemetrySpan.oldest);
  widen(span, state.progress.telemetrySpan.newest);
  return span;
}
