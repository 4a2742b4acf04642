import { countsForClock } from './instant.ts';
import type { Span, State } from './state.ts';

/** Widens a span so that it holds this time. */
export function widen(span: Span, at: number): void {
  if (!countsForClock(at)) return;
  if (span.oldest === null || at < span.oldest) span.oldest = at;
  if (span.newest === null || at > span.newest) span.newest = at;
}

/** Earliest and latest time of the `change_log` and telemetry facts that exist, those included that may still vanish. */
export function wholeSpan(state: State): Span {
  const span = { ...state.progress.span };
  for (const session of state.sessions.pending()) {
    if (session.span.oldest !== null) widen(span, session.span.oldest);
    if (session.span.newest !== null) widen(span, session.span.newest);
  }
  return span;
}
