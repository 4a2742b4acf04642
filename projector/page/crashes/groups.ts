import type { FailureGroup, FailureGroupAnswer, GroupState } from '../../answers/failures.ts';
import { ask } from '../api.ts';
import { empty, h } from '../dom.ts';
import { eventTable } from '../event-table.ts';
import { columns, DAYS_IN_LINE, lastDays } from '../figures.ts';
import { counted, shortName, time } from '../format.ts';
import { cell, heading, marked, named, number, numbered, tableOf } from '../tables.ts';
import type { Shown } from '../view.ts';

/** A state is told by a word and a sign; its colour is beside that. */
const SIGNS: Readonly<Record<GroupState, string>> = { new: '◆', regressed: '↺', ongoing: '●', quiet: '○' };

/** So many failures of a group are shown, the newest. */
const SHOWN = 50;

interface Groups extends Pick<Shown, 'route' | 'filters' | 'signal'> {
  readonly groups: readonly FailureGroup[];
  /** The moment by which they are judged; milliseconds UTC. */
  readonly now: number;
  /** The view that they stand in. */
  readonly view: string;
}

/** Groups of failures; the one that the address names stands open, with its failures. */
export async function failureGroups({ groups, now, view, route, filters, signal }: Groups): Promise<HTMLElement> {
  if (groups.length === 0) {
    return empty('Nothing failed.', 'Ask about more days, or about all projects, to see older failures.');
  }
  const opened = groups.find(({ fingerprint }) => fingerprint === route.params.get('group'));
  const shown = opened && (await ask<FailureGroupAnswer>(['failures', 'show', opened.fingerprint], filters, signal));
  const head = [
    ...[named('failure'), named('state'), named(`last ${DAYS_IN_LINE} days`), numbered('count')],
    ...[numbered('sessions'), numbered('projects'), named('first and last seen')],
  ];
  return tableOf(
    'groups',
    `${counted(groups.length, 'group')} of failures of one reason, the one seen last first`,
    head,
    groups.flatMap((group) => (group === opened && shown ? [row(group), opening(shown)] : [row(group)])),
  );

  function row(group: FailureGroup): HTMLElement {
    const { state, count, sessions, projects, first_seen, last_seen, per_day } = group;
    return h(
      'tr',
      { class: group === opened ? 'opened' : null },
      heading(...nameOf(group)),
      h('td', { class: `state state-${state}` }, marked(SIGNS[state], state)),
      cell(columns('failures', lastDays(new Map(per_day), now))),
      ...[number(count), number(sessions), number(projects)],
      cell(time(first_seen), h('br'), time(last_seen)),
    );
  }

  function nameOf(group: FailureGroup): Node[] {
    const { fingerprint, name, dimensions } = group;
    const isOpen = group === opened;
    const href = route.href(view, { group: isOpen ? null : fingerprint });
    const link = h('a', { id: `group-${fingerprint}`, href, 'aria-expanded': String(isOpen) }, shortName(name));
    return [link, h('span', { class: 'reason' }, Object.values(dimensions).join(' '))];
  }

  function opening({ group, events }: FailureGroupAnswer): HTMLElement {
    const all = counted(events.length, 'failure');
    const which = events.length > SHOWN ? `The ${SHOWN} newest of ${all}` : `${all}, newest first`;
    const listed = eventTable(`${shortName(group.name)}: ${which}`, events.slice(-SHOWN).reverse(), route);
    return h('tr', { class: 'opening' }, h('td', { colspan: head.length }, listed));
  }
}
