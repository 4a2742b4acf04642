import type { EventAnswer } from '../../answers/events.ts';
import type { TimelineAnswer } from '../../answers/timeline.ts';
import { h } from '../dom.ts';
import { duration, shortName } from '../format.ts';
import { type Gap, gaps } from './gaps.ts';

/** Events in their order on a line, with the gaps between them as room; `linkOf` leads to why an event was told. */
export function timeLine({ events, now }: TimelineAnswer, linkOf: (event: EventAnswer) => string): HTMLElement {
  const before = gaps(events, now);
  const last = before.at(-1)!;
  return h(
    'ol',
    { class: 'time-line' },
    ...events.flatMap((event, index) => {
      const isNewDay = index === 0 || dayOf(event.at) !== dayOf(events[index - 1]!.at);
      const gap = before[index];
      return [
        gap ? gapItem(gap) : null,
        isNewDay ? h('li', { class: 'day' }, h('h4', {}, dayOf(event.at))) : null,
        eventItem(event, linkOf(event)),
      ].filter((item) => item !== null);
    }),
    last?.isWait ? gapItem(last) : null,
  );
}

/** The room between two events; it is named where it is long, or where somebody was waited for. */
function gapItem({ ms, rem, isWait, isLong, isLast }: Gap): HTMLElement {
  const length = `${ms < 0 ? '-' : ''}${duration(Math.abs(ms))}`;
  const waiting = `waiting ${length}${isLast ? ', still' : ''}`;
  const name = isWait ? waiting : isLong ? `${length} without an event` : `${ms < 0 ? '' : '+'}${length}`;
  const kind = ['gap', isWait && 'wait', isLong && 'long'].filter(Boolean).join(' ');
  const item = h('li', { class: kind }, h('span', {}, name));
  item.style.minHeight = `${rem}rem`;
  return item;
}

function eventItem(event: EventAnswer, link: string): HTMLElement {
  const { name, at, category, cause_stream, cause_position } = event;
  return h(
    'li',
    { class: `event of-${category}` },
    h('time', { datetime: new Date(at).toISOString(), title: new Date(at).toISOString() }, clockOf(at)),
    h(
      'div',
      {},
      h('a', { href: link, title: 'why it was told' }, shortName(name)),
      category === 'failure' && h('strong', { class: 'bad' }, 'failure'),
      ...details(event),
      h('span', { class: 'cause' }, `${cause_stream} ${cause_position}`),
    ),
  );
}

/** What an event says beside what its session is, which stands above. */
function details({ dimensions, measures }: EventAnswer): HTMLElement[] {
  const words = Object.entries(dimensions).filter(([name, value]) => value !== null && !OF_SESSION.includes(name));
  const numbers = Object.entries(measures).map(([name, value]) =>
    name.endsWith('_ms') ? [name.slice(0, -'_ms'.length), duration(value)] : [name, String(value)],
  );
  return [...words, ...numbers].map(([name, value]) => h('span', {}, `${name} ${value}`));
}

const OF_SESSION = ['harness', 'session_kind'];

function dayOf(ms: number): string {
  const weekday = new Date(ms).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
  return `${new Date(ms).toISOString().slice(0, 10)} ${weekday}`;
}

function clockOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}
