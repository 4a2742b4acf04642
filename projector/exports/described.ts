/** What receivers are told of a metric. */
export interface Described {
  readonly kind: 'counter' | 'up-down counter' | 'exponential histogram' | 'gauge';
  readonly unit: string;
  readonly description: string;
  /** What its series are told apart by. They are sent with `ao.` before the name, as fields are. */
  readonly attributes: readonly string[];
}

/** Every metric that is sent. Series of `ao.events` have those fields of their event, too, that are counted. */
export const DESCRIBED = {
  'ao.events': {
    kind: 'counter',
    unit: '{event}',
    description: 'Settled events by name.',
    attributes: ['event'],
  },
  'ao.session.ends': {
    kind: 'up-down counter',
    unit: '{session}',
    description: 'Settled ends of sessions, by what is known of their causes now.',
    attributes: ['end_cause', 'certainty', 'harness', 'session_kind'],
  },
  'ao.session.wait.duration': {
    kind: 'exponential histogram',
    unit: 's',
    description: 'How long sessions waited for their user.',
    attributes: ['harness', 'session_kind'],
  },
  'ao.session.spawn.duration': {
    kind: 'exponential histogram',
    unit: 's',
    description: 'How long spawns took to launch, or to fail.',
    attributes: ['outcome', 'harness', 'session_kind'],
  },
  'ao.funnel.step.duration': {
    kind: 'exponential histogram',
    unit: 's',
    description: 'Time from the required step of a funnel before to the first event of a step.',
    attributes: ['funnel', 'step', 'harness', 'session_kind'],
  },
  'ao.active_days': {
    kind: 'gauge',
    unit: '{day}',
    description: 'UTC days with an act of a user since metrics are exported, among the last ones.',
    attributes: ['window'],
  },
  'ao.projector.rejected': {
    kind: 'gauge',
    unit: '{row}',
    description: 'Rows of the daemon that did not fit.',
    attributes: ['stream'],
  },
  'ao.projector.lag': {
    kind: 'gauge',
    unit: 's',
    description: 'How old the newest fact was when it was last committed.',
    attributes: [],
  },
} as const satisfies Readonly<Record<string, Described>>;

/** What OpenTelemetry is told of a metric beside its values. */
export function descriptorOf(name: keyof typeof DESCRIBED): { name: string; description: string; unit: string } {
  const { description, unit } = DESCRIBED[name];
  return { name, description, unit };
}
