import type { CommanderError } from 'commander';
import { EXIT, ProjectorError } from '../errors.ts';

/** What commander says of words that it cannot follow, as an error of ours. */
export function usageError({ message }: CommanderError, words: readonly string[]): ProjectorError {
  return new ProjectorError(
    {
      code: 'usage',
      message: message.replace(/^error: /, ''),
      expected: 'a command with its options as `ao-projector help` lists them',
      found: words.join(' ') || 'no command',
      remedy: 'See `ao-projector help`, or `ao-projector help COMMAND` for examples.',
    },
    EXIT.usage,
  );
}
