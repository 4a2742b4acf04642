import { dayOf, touchDay } from './active-days.ts';
import { type JournalFact, TRIGGERED } from './facts.ts';
import { countsForClock } from './instant.ts';
import type { DerivedEvent, State } from './state.ts';
import { commandKey, EVENTS, eventId } from './vocabulary.ts';

const INSTALL = 0;

/** Commands that are an event each; the others are counted. */
const TOLD = { 'ao send': EVENTS.send, 'ao doctor': EVENTS.doctorRun } as const;

/** What agents and polling clients run where the daemon does not record who it was. */
const NOT_BY_USERS = /^ao (hooks|status)$|^ao \S+ (ls|get)$|^other$/;

/** Something that a user, or the daemon for one, did. */
export function used(state: State, fact: JournalFact): void {
  switch (fact.name) {
    case 'ao.cli.invoked': {
      const command = String(fact.data.command);
      count(state, fact, command);
      const definition = Object.hasOwn(TOLD, command) ? TOLD[command as keyof typeof TOLD] : null;
      if (!definition) return;
      const dimensions = { command, actor: actorOf(fact, command) };
      put(state, fact, { definition, subject: commandKey(command), dimensions });
      break;
    }
    case 'ao.app.active':
      count(state, fact, String(fact.data.command));
      break;
    case TRIGGERED.terminalOpened:
      put(state, fact, { definition: EVENTS.terminalOpened, subject: INSTALL, dimensions: null });
      break;
    case TRIGGERED.notificationRaised:
      put(state, fact, {
        definition: EVENTS.notificationRaised,
        subject: INSTALL,
        dimensions: { type: String(fact.data.type) },
      });
      break;
  }
}

/** Commands are too many for an event each: they are counted by day, command and actor. */
function count(state: State, fact: JournalFact, command: string): void {
  if (!countsForClock(fact.at)) return;
  const actor = actorOf(fact, command);
  const { name, position, at } = fact;
  state.dailyCounts.add({ day: dayOf(at), name, command, actor, position, at });
  if (actor === 'user') touchDay(state, at);
}

/** Newer hosts record who ran a command. */
function actorOf({ data }: JournalFact, command: string): string {
  if (typeof data.actor === 'string') return data.actor;
  return NOT_BY_USERS.test(command) ? 'other' : 'user';
}

interface Use extends Pick<DerivedEvent, 'subject' | 'dimensions'> {
  readonly definition: (typeof EVENTS)[keyof typeof EVENTS];
}

function put(state: State, fact: JournalFact, { definition, subject, dimensions }: Use): void {
  state.events.put({
    id: eventId('telemetry', fact.position, definition),
    subject,
    session: null,
    project: fact.project,
    at: fact.at,
    dimensions,
    measures: null,
  });
}
