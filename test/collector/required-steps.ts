import { SHIPPED } from '../../projector/answers/funnel/shipped.ts';

/**
 * The required steps of funnels beyond the first, each with its place and that of the required step before. Optional ones are not
 * held against our engine: it leaves out what comes behind the next required step, and metrics do not.
 */
export const REQUIRED = (['session', 'pr', 'review'] as const).flatMap((funnel) => {
  const steps = SHIPPED[funnel].steps.map(({ events, optional }, index) => ({
    name: events[0]!.name,
    optional,
    index,
  }));
  const required = steps.filter(({ optional }) => !optional);
  return required
    .slice(1)
    .map(({ name, index }, place) => ({ funnel, step: name, index, before: required[place]!.index }));
});

export function isRequired(funnel: unknown, step: unknown): boolean {
  return REQUIRED.some((one) => one.funnel === funnel && one.step === step);
}
