/** What answers can be broken down by: what an event says, or what is known of its session. */
export const DIMENSIONS = [
  ...['name', 'project', 'harness', 'session_kind', 'error_kind', 'error_code', 'command', 'actor', 'end_cause'],
  ...['certainty', 'verdict', 'type'],
] as const;
export type Dimension = (typeof DIMENSIONS)[number];
