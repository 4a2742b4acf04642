import type { Command } from 'commander';
import { pullRequest } from '../answers/timeline.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { printTimeline } from './timeline.ts';

export function prCommand(program: Command, context: () => Context): void {
  askable(program.command('pr'), 'events')
    .description('what happened to one PR, the sessions that owned it, and the gaps between')
    .argument('<url>', 'URL of the PR, or its hash as events print it, or the beginning of that')
    .addHelpText('after', '\nExample:\n  ao-projector pr https://github.com/o/r/pull/7')
    .action((url: string, options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => pullRequest(present.paths, source, filter, url), printTimeline);
    });
}
