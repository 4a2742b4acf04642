import { spanOf } from '../answers/bounds.ts';
import { EXIT, ProjectorError } from '../errors.ts';

const DEFAULT_RETENTION = '400d';
const DAY_MS = 86_400_000;

/** How long facts are kept in the journal, in milliseconds, as `AO_PROJECTOR_RETENTION` says. */
export function retentionOf(env: NodeJS.ProcessEnv): number {
  const text = env.AO_PROJECTOR_RETENTION?.trim() || DEFAULT_RETENTION;
  const span = spanOf(text);
  if (span !== null && span >= DAY_MS) return span;
  throw new ProjectorError(
    {
      code: 'retention_invalid',
      message: 'AO_PROJECTOR_RETENTION is not a span of a day or more.',
      expected: 'a whole number and a unit: h, d or w',
      found: JSON.stringify(text),
      remedy: `Write, for example, AO_PROJECTOR_RETENTION=90d, or unset it: then it is ${DEFAULT_RETENTION}.`,
    },
    EXIT.usage,
  );
}
