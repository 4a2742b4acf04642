import { CAUSE_RULES, type EndCause } from '../../../projections/cause-rules.ts';
import type { End, Session } from '../../../projections/state.ts';
import type { Explaining } from './explaining.ts';
import type { WhyNot } from './explanation.ts';

/** A rule by which the cause of an end was looked for. */
export interface TriedCause {
  readonly cause: EndCause;
  readonly rule: string;
  /** Null where it was not tried, for one before it held. */
  readonly held: boolean | null;
}

/** Every rule in its order, and whether it held for an end. */
export function triedCauses({ state }: Explaining, end: End, session: Session): TriedCause[] {
  let isDecided = false;
  return CAUSE_RULES.map(({ cause, rule, holds }) => {
    if (isDecided) return { cause, rule, held: null };
    isDecided = holds(state, end, session) !== null;
    return { cause, rule, held: isDecided };
  });
}

/** What the rules missed that were tried and did not hold. */
export function whyNotCauses({ state, rows }: Explaining, end: End, session: Session): WhyNot[] {
  const held = CAUSE_RULES.findIndex(({ holds }) => holds(state, end, session) !== null);
  return CAUSE_RULES.slice(0, held < 0 ? undefined : held).map(({ cause, lacks }) => {
    const { why, near } = lacks(state, end, session);
    return { what: cause, why, near: near && rows.read(near) };
  });
}
