import { commandEvents } from './commands.ts';
import { eventAt, eventOf, type OracleEvent } from './event.ts';
import { knownPulls, observations, owningSessionAt } from './pulls.ts';
import { serverFailures } from './server-failures.ts';
import { longSpans } from './spans.ts';
import type { Story } from './story.ts';
import { said } from './words.ts';

const MISSING = [
  'AGENT_BINARY_NOT_FOUND',
  'UNKNOWN_HARNESS',
  'RUNTIME_PREREQUISITE_MISSING',
  'CHAT_DRIVER_UNAVAILABLE',
  'CHAT_DRIVER_INCOMPATIBLE',
  'CHAT_AUTH_REQUIRED',
];

/** What failed, and what users did; `events` are those of sessions. */
export function failuresAndUsage(story: Story, events: OracleEvent[]): OracleEvent[] {
  return [
    ...spawnFailures(story),
    ...commandEvents(story),
    ...serverFailures(story),
    ...unexpectedEnds(events),
    ...longSpans(story, events),
    ...knownPulls(story).flatMap((url) => repeatedCiFailures(story, url)),
  ];
}

/** Without triggers the daemon's own rows are the only trace, that of a late failure included. */
function spawnFailures(story: Story): OracleEvent[] {
  const failures = story.telemetry.filter((row) => row.name === 'ao.session.spawn_failed');
  return failures.flatMap((row) => {
    const subject = row.project ?? '';
    const code = { ...said(row, 'error_code'), ...said(row, 'harness') };
    const dimensions = { ...code, ...said(row, 'error_kind'), ...said(row, 'kind', 'session_kind') };
    const measures = row.durationMs === null ? {} : { duration_ms: row.durationMs };
    const failed = eventOf(row, 'ao.spawn.failed', { subject, dimensions, measures });
    if (!MISSING.includes(row.texts.error_code ?? '')) return [failed];
    return [failed, eventOf(row, 'ao.adapter.unavailable', { subject, dimensions: code })];
  });
}

/** Without triggers a runtime that was gone is never seen, so what a start found dead is all there is. */
function unexpectedEnds(events: OracleEvent[]): OracleEvent[] {
  return events
    .filter((event) => event.name === 'ao.session.killed' && event.dimensions.end_cause === 'found_dead_at_start')
    .map((event) => ({ ...event, name: 'ao.lifecycle.session_terminated_unexpected' }));
}

/** The third time that the roll-up becomes failing since it last passed. */
function repeatedCiFailures(story: Story, url: string): OracleEvent[] {
  const events: OracleEvent[] = [];
  let failures = 0;
  let ci = 'unknown';
  for (const { holding } of observations(story, url)) {
    if (holding.ci === 'passing') failures = 0;
    if (holding.ci === 'failing' && ci !== 'failing') {
      failures += 1;
      const session = owningSessionAt(story, url, holding.seq);
      if (failures === 3) events.push(eventAt(holding, 'ao.ci.repeated_failure', { subject: url, session }));
    }
    ci = holding.ci;
  }
  return events;
}
