import type { OpenWait } from '../../answers/stuck.ts';
import { h } from '../dom.ts';
import { shortSubject } from '../event-table.ts';
import { bar } from '../figures.ts';
import { counted, duration, time } from '../format.ts';
import { cell, drawn, heading, named, number, numbered, tableOf } from '../tables.ts';
import type { Route } from '../view.ts';

/** So many are shown; the longest are those that matter. */
const SHOWN = 100;

/** Waits that go on, each against the longest. */
export function waitTable(waits: readonly OpenWait[], route: Route): HTMLElement {
  const longest = Math.max(1, ...waits.map(({ dwell_ms }) => dwell_ms));
  const more = waits.length > SHOWN ? `, the ${SHOWN} that take longest` : '';
  const rows = waits.slice(0, SHOWN).map(({ session, raw, since, dwell_ms }) => {
    const id = raw ?? session;
    const link = h('a', { href: route.href('subject', { id, kind: 'session' }) }, shortSubject(id));
    return h('tr', {}, heading(link), cell(time(since)), number(duration(dwell_ms)), drawn(bar(dwell_ms / longest)));
  });
  return tableOf(
    'waits',
    `${counted(waits.length, 'session waits', 'sessions wait')} for somebody${more}`,
    [named('session'), named('since'), numbered('for'), drawn()],
    rows,
  );
}
