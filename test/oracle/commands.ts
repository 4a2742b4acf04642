import type { Telemetry } from './decode.ts';
import { eventOf, type OracleEvent } from './event.ts';
import type { Story } from './story.ts';
import { MILLISECOND, SECOND, toMilliseconds } from './time.ts';
import { said } from './words.ts';

/** Each command below `ao`, with those below it. */
const TREE: Record<string, string> = {
  spawn: '',
  send: '',
  start: '',
  stop: '',
  status: '',
  doctor: '',
  version: '',
  import: '',
  daemon: '',
  completion: '',
  hooks: '',
  'pty-host': '',
  'agent-process': '',
  launch: '',
  supervise: '',
  agent: 'ls',
  browser: `check click close console dblclick devtools dialog drag errors fill focus frame get highlight hover network open
    press screenshot scroll scrollintoview select snapshot status tab tabs type uncheck unhighlight wait`,
  dev: 'import-projects',
  orchestrator: 'ls',
  pr: 'merge resolve-comments',
  preview: 'clear start status stop',
  project: 'add get ls rm set-config',
  review: 'cancel ls submit trigger',
  session: 'claim-pr cleanup get kill ls rename restore',
};

/** The longest prefix of the recorded words that is a command. */
export function commandOf({ words: [root, first, second] }: Telemetry): string {
  if (root !== 'ao' || first === undefined || !Object.hasOwn(TREE, first)) return 'other';
  const below = TREE[first]!.split(/\s+/);
  return second !== undefined && second !== '' && below.includes(second) ? `ao ${first} ${second}` : `ao ${first}`;
}

/** As recorded; where nothing is, what agents and clients poll with is nobody's, and the rest is a user's. */
export function actorOf(row: Telemetry): string {
  const { actor_type: actor } = row.texts;
  if (actor !== undefined) return ['user', 'agent', 'system'].includes(actor) ? actor : 'other';
  const [, command, below] = commandOf(row).split(' ');
  const polls = command === undefined || ['hooks', 'status'].includes(command) || ['ls', 'get'].includes(below ?? '');
  return polls ? 'other' : 'user';
}

export function commandEvents(story: Story): OracleEvent[] {
  const mistakes = story.telemetry.filter((row) => row.name === 'ao.cli.usage_errors');
  const commands = [...new Set(mistakes.map(commandOf))];
  return [
    ...mistakes.map(exit2),
    ...commands.flatMap((command) => repeated(mistakes.filter((row) => commandOf(row) === command))),
    ...acts(story, 'ao send', 'ao.send'),
    ...acts(story, 'ao doctor', 'ao.doctor.run'),
  ];
}

function exit2(row: Telemetry): OracleEvent {
  const command = commandOf(row);
  const dimensions = { command, ...said(row, 'error_kind') };
  return eventOf(row, 'ao.cli.exit_2', { subject: command, dimensions });
}

/** The third within 10 minutes; not again before there were 10 minutes without any. */
function repeated(mistakes: Telemetry[]): OracleEvent[] {
  const events: OracleEvent[] = [];
  let armed = true;
  mistakes.forEach((row, index) => {
    const before = mistakes[index - 1];
    if (before !== undefined && !isWithin(before, row)) armed = true;
    const first = mistakes[index - 2];
    if (!armed || first === undefined || !isWithin(first, row)) return;
    armed = false;
    const command = commandOf(row);
    const rest = { subject: command, dimensions: { command }, measures: { count: 3 } };
    events.push(eventOf(row, 'ao.cli.repeated_failure', rest));
  });
  return events;
}

function isWithin(one: Telemetry, other: Telemetry): boolean {
  return toMilliseconds(other.time) - toMilliseconds(one.time) <= Number((600n * SECOND) / MILLISECOND);
}

function acts(story: Story, command: string, name: string): OracleEvent[] {
  return story.telemetry
    .filter((row) => row.name === 'ao.cli.invoked' && commandOf(row) === command)
    .map((row) => eventOf(row, name, { subject: command, dimensions: { command, actor: actorOf(row) } }));
}
