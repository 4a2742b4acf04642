import { inReadingOrder, type OracleEvent } from './event.ts';
import { onboardingEvents } from './onboarding.ts';
import { pullEvents } from './pulls.ts';
import { readLog } from './read.ts';
import { sessionEvents } from './sessions.ts';
import { tell } from './story.ts';

export type { OracleEvent } from './event.ts';

/**
 * Every onboarding, session and PR event of a host database as it stands now, for a database without triggers.
 *
 * The rules are taken at their word and computed from scratch over the whole log: slow on purpose, with no state that could
 * be wrong. It shares no code with what it judges.
 */
export function oracle(path: string): OracleEvent[] {
  const story = tell(readLog(path));
  const events = [...sessionEvents(story), ...pullEvents(story)];
  return [...events, ...onboardingEvents(story, events)].sort(inReadingOrder);
}
