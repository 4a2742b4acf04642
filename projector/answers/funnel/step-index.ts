import { EXIT, ProjectorError } from '../../errors.ts';

/** A step is named by its number, from 1 on, or by its event with or without `ao.`. */
export function indexOfStep(names: readonly (readonly string[])[], text: string): number {
  const index = /^\d+$/.test(text)
    ? Number(text) - 1
    : names.findIndex((ofStep) => ofStep.includes(text) || ofStep.includes(`ao.${text}`));
  if (index in names) return index;
  const expected = `a number from 1 to ${names.length}, or one of ${names.join(', ')}`;
  throw new ProjectorError(
    {
      code: 'step_unknown',
      message: `${JSON.stringify(text)} is not ${expected}.`,
      expected,
      found: JSON.stringify(text),
      remedy: 'Write, for example, `explain funnel session 3` or `why funnel session pr.observed`.',
    },
    EXIT.usage,
  );
}
