import type { Command } from 'commander';
import { session } from '../answers/timeline.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { printTimeline } from './timeline.ts';

export function sessionCommand(program: Command, context: () => Context): void {
  askable(program.command('session'), 'events')
    .description('what happened to one session, its PRs included, and the gaps between')
    .argument('<id>', 'session id, or its hash or subject as events print them, or the beginning of one')
    .addHelpText('after', '\nExample:\n  ao-projector session web-1')
    .action((id: string, options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => session(present.paths, source, filter, id), printTimeline);
    });
}
