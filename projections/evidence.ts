import type { StreamName } from './vocabulary.ts';

/** A row that a rule rests on, and what it is to the rule. */
export interface Evidence {
  readonly stream: StreamName;
  readonly position: number;
  readonly role: string;
}

/** A row of `change_log`. */
export function change(position: number, role: string): Evidence {
  return { stream: 'change_log', position, role };
}

/** A fact of the journal. */
export function telemetry(position: number, role: string): Evidence {
  return { stream: 'telemetry', position, role };
}
