import { inReadingOrder, type OracleEvent } from './event.ts';
import { failuresAndUsage } from './failures.ts';
import { onboardingEvents } from './onboarding.ts';
import { pullEvents } from './pulls.ts';
import { readLog } from './read.ts';
import { returns } from './returns.ts';
import { sessionEvents } from './sessions.ts';
import { tell } from './story.ts';

export type { OracleEvent } from './event.ts';

/** Events whose rules are not read here: they rest on traces that no row of the host holds, or on several of one act. */
export const NOT_READ_YET: readonly string[] = [
  'ao.daemon.shutdown_unclean',
  'ao.project.added',
  'ao.review.cancelled',
  'ao.review.submitted',
  'ao.review.trigger_failed',
  'ao.review.triggered',
];

/**
 * Every event of a host database as it stands now, for a database without triggers.
 *
 * The rules are taken at their word and computed from scratch over the whole log: slow on purpose, with no state that could
 * be wrong. It shares no code with what it judges.
 */
export function oracle(path: string): OracleEvent[] {
  const story = tell(readLog(path));
  const events = [...sessionEvents(story), ...pullEvents(story)];
  return [
    ...events,
    ...onboardingEvents(story, events),
    ...returns(story, events),
    ...failuresAndUsage(story, events),
  ].sort(inReadingOrder);
}
