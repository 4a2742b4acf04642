import type { Problem } from '../errors.ts';

/** What is answered instead, in the form of every error. */
export function refused(code: string, message: string, expected: string, found: string): { error: Problem } {
  const remedy = 'Open the address that `ao-projector serve` printed; docs/serve.md says how programs ask.';
  return { error: { code, message, expected, found: found.slice(0, 200), remedy } };
}
