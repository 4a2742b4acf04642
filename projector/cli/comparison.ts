import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { Compared } from '../pipeline/verify.ts';
import type { Context } from './context.ts';
import { Progress } from './progress.ts';

/** Compares the present tables with a rebuild up to the same positions, and shows how far it is. */
export async function comparison(context: Context, analytics: Database): Promise<Compared> {
  const { compareWithRebuild } = await import('../pipeline/verify.ts');
  const progress = new Progress(context);
  const steps = compareWithRebuild(context.paths, analytics);
  for (;;) {
    const step = steps.next();
    if (step.done) {
      progress.done();
      return step.value;
    }
    progress.show(step.value);
    await setImmediate();
  }
}
