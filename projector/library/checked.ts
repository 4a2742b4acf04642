import * as v from 'valibot';
import { EXIT, ProjectorError } from '../errors.ts';

/** What a program handed over, as its schema reads it; throws a {@link ProjectorError} that names the part which does not fit. */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const part = v.getDotPath(issue);
  throw new ProjectorError(
    {
      code: 'argument_invalid',
      message: part === null ? `${what} cannot be read.` : `${what} cannot be read at ${part}.`,
      expected: issue.message,
      found: issue.received,
      remedy: 'Mend that part. See docs/library.md for what is taken.',
    },
    EXIT.usage,
  );
}
