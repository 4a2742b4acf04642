import type { EventAnswer } from '../../answers/events.ts';
import { askLines, listen } from '../api.ts';
import { empty, table } from '../dom.ts';
import type { Shown, View } from '../view.ts';

const SHOWN = 50;

/** Events as they are derived, the newest first. */
export const liveView: View = {
  name: 'live',
  title: 'Live',
  question: 'What is happening now?',
  async show({ place, signal }: Shown): Promise<void> {
    const events = await askLines<EventAnswer>(['events'], { limit: String(SHOWN) }, signal);
    const draw = () => {
      const rows = events.slice(-SHOWN).reverse();
      place.replaceChildren(
        rows.length === 0
          ? empty('Nothing was derived yet.', 'Start `ao-projector run` beside the daemon.')
          : table(
              'Newest first',
              ['at', 'event', 'subject', 'made by'],
              rows.map((event) => [
                new Date(event.at).toISOString(),
                event.name,
                event.raw?.subject ?? event.subject.slice(0, 8),
                `${event.cause_stream} ${event.cause_position}`,
              ]),
            ),
      );
    };
    draw();
    void listen(
      {
        event: (event) => {
          events.push(event);
          draw();
        },
        reset: () => draw(),
        connected: () => {},
      },
      signal,
    );
  },
};
