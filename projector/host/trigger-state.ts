import type { Verification } from '../../triggers/verify.ts';

/** State of our triggers as users are told of it. */
export type TriggersState = Verification['state'];

/** That state, and the schema that it was found in. */
export interface TriggersSeen {
  readonly state: TriggersState;
  readonly schemaCookie: number;
}

/** Whether what our triggers say of sessions is not whole any more. */
export function isLost({ triggers }: Verification): boolean {
  return triggers.some(({ table, state }) => table === 'sessions' && (state === 'missing' || state === 'foreign'));
}

/** Where none is left of triggers that were installed, they are missing, even when their marker has been pruned. */
export function triggersState({ state, uninstalled }: Verification, installedAt: number): TriggersState {
  return state === 'none' && installedAt !== 0 && !uninstalled ? 'missing' : state;
}
