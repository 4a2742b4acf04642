import type { FailuresAnswer } from '../../answers/failures.ts';
import type { StuckAnswer } from '../../answers/stuck.ts';
import { ask } from '../api.ts';
import { failureGroups } from '../crashes/groups.ts';
import { empty } from '../dom.ts';
import { part, widePart } from '../figures.ts';
import type { Route, Shown, View } from '../view.ts';
import { dwellTable } from './dwell.ts';
import { stoppedTable } from './stopped.ts';
import { waitTable } from './waits.ts';

/** Failures that say that somebody came no further, and not that something broke. */
const MEANS_STUCK = [
  ...['ao.session.stuck_waiting', 'ao.session.no_signal', 'ao.ci.repeated_failure', 'ao.cli.repeated_failure'],
  ...['ao.cli.exit_2', 'ao.spawn.failed', 'ao.adapter.unavailable'],
];

/** Who waits now, how long waits take, where people stop, and what stood in their way. */
export const stuckView: View = {
  name: 'stuck',
  title: 'Stuck',
  question: 'Where do they get stuck?',
  async show(shown: Shown): Promise<void> {
    const { place, route, filters, signal } = shown;
    const [answer, { groups, now }] = await Promise.all([
      ask<StuckAnswer>(['stuck'], filters, signal),
      ask<FailuresAnswer>(['failures'], filters, signal),
    ]);
    const stuck = groups.filter(({ name }) => MEANS_STUCK.includes(name));
    const stoodInTheWay = await failureGroups({ ...shown, groups: stuck, now, view: 'stuck' });
    place.append(
      part('Waiting now', waiting(answer, route)),
      part('How long waits took', dwelt(answer)),
      widePart('The last step of those who stopped', stopped(answer)),
      widePart('What stood in their way', stoodInTheWay),
    );
  },
};

function waiting({ open_waits }: StuckAnswer, route: Route): Node {
  if (open_waits.length > 0) return waitTable(open_waits, route);
  return empty('Nobody waits.', 'A session stands here while its agent waits for somebody.');
}

function dwelt({ dwell: [first, ...more] }: StuckAnswer): Node {
  if (first) return dwellTable([first, ...more]);
  return empty('No wait has ended.', 'Waits are counted once they are over; ask about more days to see older ones.');
}

function stopped({ stopped }: StuckAnswer): Node {
  if (stopped.length > 0) return stoppedTable(stopped);
  return empty(
    'Nobody has stopped.',
    'A session stops when its 30 days are over; until then the funnel has it as open.',
  );
}
