import type { CrashesAnswer } from '../../answers/crashes.ts';
import type { FailuresAnswer } from '../../answers/failures.ts';
import { ask } from '../api.ts';
import { empty } from '../dom.ts';
import { eventTable } from '../event-table.ts';
import { part, widePart } from '../figures.ts';
import type { Shown, View } from '../view.ts';
import { failureGroups } from './groups.ts';
import { startTable } from './starts.ts';

/** So many of the newest crashes are shown. */
const SHOWN = 50;

/** What crashed, how the daemon went down before each start, and everything that failed, in groups of one reason. */
export const crashesView: View = {
  name: 'crashes',
  title: 'Crashes',
  question: 'What crashed, and when?',
  async show(shown: Shown): Promise<void> {
    const { place, route, filters, signal } = shown;
    const [answer, failures] = await Promise.all([
      ask<CrashesAnswer>(['crashes'], filters, signal),
      ask<FailuresAnswer>(['failures'], filters, signal),
    ]);
    const { groups, now } = failures;
    place.append(
      part('Crashes', crashed(answer)),
      part('Starts of the daemon', started(answer)),
      widePart('Everything that failed', await failureGroups({ ...shown, groups, now, view: 'crashes' })),
    );

    function crashed({ crashes }: CrashesAnswer): Node {
      if (crashes.length === 0) {
        return empty(
          'Nothing crashed.',
          'Panics, daemons that went down without a stop, and sessions found dead stand here.',
        );
      }
      const caption =
        crashes.length > SHOWN ? `The ${SHOWN} newest of ${crashes.length}` : `${crashes.length}, newest first`;
      return eventTable(caption, crashes.slice(-SHOWN).reverse(), route);
    }
  },
};

function started({ starts }: CrashesAnswer): Node {
  if (starts.length > 0) return startTable(starts);
  return empty(
    'No start is known.',
    'The daemon records its starts in the events tier: set AO_TELEMETRY_EVENTS=on for it.',
  );
}
