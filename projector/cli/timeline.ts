import { details } from '../answers/details.ts';
import type { EventAnswer } from '../answers/events.ts';
import type { IncarnationAnswer } from '../answers/incarnations.ts';
import type { TimelineAnswer } from '../answers/timeline.ts';
import { duration, printBreakdown, table, time } from './format.ts';

/** A gap that stands out. */
const LONG_MS = 1_800_000;

/** What happened to one subject, an event a line, with the gap since the one before. */
export function printTimeline({ subject, raw, incarnations, events, breakdown }: TimelineAnswer): string {
  return [
    `${raw ?? subject}\n\n`,
    incarnations.length > 0 ? printIncarnations(incarnations) : 'No session is known to have owned it.\n',
    '\n',
    events.length > 0 ? printEvents(events) : 'No event.\n',
    breakdown.length > 0 ? `\n${printBreakdown(breakdown)}` : '',
  ].join('');
}

function printIncarnations(incarnations: readonly IncarnationAnswer[]): string {
  const rows = incarnations.map((one) => [
    one.raw ?? one.subject.slice(0, 8),
    time(one.created_at),
    [one.harness ?? 'unknown harness', one.session_kind ?? 'unknown kind'].join(' '),
    one.spawned ? (one.ended_at === null ? 'goes on' : `ended ${time(one.ended_at)}`) : 'not spawned',
    [one.end_cause, one.certainty].filter((word) => word !== null).join(' '),
  ]);
  return table(['session', 'created', '', '', ''], rows);
}

function printEvents(events: readonly EventAnswer[]): string {
  const rows = events.map((event, index) => {
    const gap = index === 0 ? null : event.at - events[index - 1]!.at;
    return [
      time(event.at),
      gap === null ? '' : `${gap < 0 ? '-' : '+'}${duration(Math.abs(gap))}`,
      mark(event, gap),
      event.name,
      details(event),
      `${event.cause_stream} ${event.cause_position}`,
    ];
  });
  return table(['at', 'gap', '', 'event', 'details', 'made by'], rows, [1]);
}

/** Waits, and gaps in which nothing was told for long, catch the eye. */
function mark({ name }: EventAnswer, gap: number | null): string {
  if (name === 'ao.session.waiting_input_entered') return '▶ waits';
  if (name === 'ao.session.waiting_input_exited') return '■ waited';
  return gap !== null && gap > LONG_MS ? '… long' : '';
}
