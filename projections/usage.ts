import { type JournalFact, TRIGGERED } from './facts.ts';
import type { DerivedEvent, State } from './state.ts';
import { commandKey, EVENTS, eventId } from './vocabulary.ts';

const INSTALL = 0;

/** Commands that are an event each; the others are counted. */
const TOLD = { 'ao send': EVENTS.send, 'ao doctor': EVENTS.doctorRun } as const;

/** Something that a user, or the daemon for one, did. */
export function used(state: State, fact: JournalFact): void {
  switch (fact.name) {
    case 'ao.cli.invoked': {
      const command = String(fact.data.command);
      const definition = Object.hasOwn(TOLD, command) ? TOLD[command as keyof typeof TOLD] : null;
      if (!definition) return;
      put(state, fact, { definition, subject: commandKey(command), dimensions: { command } });
      break;
    }
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
