import { DIMENSIONS } from '../../../answers/dimensions.ts';
import { h } from '../../dom.ts';
import type { Draft, DraftStep } from './draft.ts';
import { act, choiceField, eventField, labelled, spanField } from './fields.ts';

/** What a step may be asked for: dimensions of its event. */
const CONDITIONS = [...DIMENSIONS, 'how'];

/** How what is written is changed. */
export interface Editing {
  /** What was changed is seen where it was changed. */
  changed(): void;
  /** Fields come or go: they are drawn anew, and the one with this id has the focus. */
  redraw(id: string): void;
}

/** The steps in their order, and what adds one. */
export function stepFields(draft: Draft, editing: Editing): HTMLElement {
  const { steps } = draft;
  const add = () => {
    steps.push({ events: [''], where: [], optional: false, gap_ms: null });
    editing.redraw(`step-${steps.length}-event-1`);
  };
  return h(
    'div',
    { 'data-part': 'steps' },
    h('ol', { class: 'step-fields' }, ...steps.map((step, index) => stepField(draft, step, index, editing))),
    act('add-step', 'Add a step', null, add),
  );
}

function stepField({ steps }: Draft, step: DraftStep, index: number, editing: Editing): HTMLElement {
  const number = index + 1;
  const id = `edit-${number}`;
  return h(
    'li',
    { 'data-part': `steps.${index}` },
    h(
      'fieldset',
      {},
      h('legend', {}, `Step ${number}`),
      eventFields(`step-${number}`, step.events, `steps.${index}.events`, `Step ${number}`, editing),
      whereFields(step, index, editing),
      h(
        'div',
        { class: 'row' },
        act(`${id}-where-add`, 'where …', `where …: a condition of step ${number}`, addCondition),
        index > 0 && optionalField(`${id}-optional`, step, editing),
        index > 0 && gapField(`${id}-gap`, step, index, editing),
        h(
          'span',
          { class: 'acts' },
          index > 0 && act(`${id}-up`, '↑', `Move step ${number} up`, () => move(index, index - 1)),
          number < steps.length && act(`${id}-down`, '↓', `Move step ${number} down`, () => move(index, number)),
          steps.length > 2 && act(`${id}-remove`, 'Remove', `Remove step ${number}`, remove),
        ),
      ),
    ),
  );

  function addCondition(): void {
    const { where } = step;
    where.push({ name: CONDITIONS.find((name) => where.every((one) => one.name !== name))!, values: [''] });
    editing.redraw(`${id}-where-${where.length}`);
  }

  function move(from: number, to: number): void {
    steps.splice(to, 0, ...steps.splice(from, 1));
    const isAtEnd = to === 0 || to === steps.length - 1;
    const way = to < from !== isAtEnd ? 'up' : 'down';
    editing.redraw(`edit-${to + 1}-${way}`);
  }

  function remove(): void {
    steps.splice(index, 1);
    editing.redraw('add-step');
  }
}

function optionalField(id: string, step: DraftStep, { changed }: Editing): HTMLElement {
  const toggle = (event: Event) => {
    step.optional = (event.target as HTMLInputElement).checked;
    changed();
  };
  return h(
    'label',
    { class: 'row' },
    h('input', { id, type: 'checkbox', checked: step.optional, onchange: toggle }),
    'optional',
  );
}

function gapField(id: string, step: DraftStep, index: number, { changed }: Editing): HTMLElement {
  const field = spanField(id, step.gap_ms, false, (ms) => {
    step.gap_ms = ms;
    changed();
  });
  const place = labelled('within, after the required step before', field);
  place.dataset.part = `steps.${index}.gap_ms`;
  return place;
}

/** Any of these events; `part` is where they stand in the question. */
export function eventFields(
  id: string,
  events: string[],
  part: string,
  of: string,
  { changed, redraw }: Editing,
): HTMLElement {
  const add = () => {
    events.push('');
    redraw(`${id}-event-${events.length}`);
  };
  return h(
    'div',
    { class: 'row', 'data-part': part },
    ...events.flatMap((name, index) => {
      const number = index + 1;
      const choose = (chosen: string) => {
        events[index] = chosen;
        changed();
      };
      const remove = () => {
        events.splice(index, 1);
        redraw(`${id}-event-1`);
      };
      return [
        index > 0 && h('span', {}, 'or'),
        h(
          'span',
          { class: 'event', 'data-part': `${part}.${index}` },
          eventField(`${id}-event-${number}`, name, `${of}, event ${number}`, choose),
          events.length > 1 && act(`${id}-event-${number}-remove`, '×', `${of}: remove event ${number}`, remove),
        ),
      ];
    }),
    act(`${id}-or`, 'or …', `or …: another event of ${of.toLowerCase()}`, add),
  );
}

function whereFields({ where }: DraftStep, index: number, { changed, redraw }: Editing): HTMLElement {
  const step = `Step ${index + 1}`;
  const id = `edit-${index + 1}-where`;
  return h(
    'div',
    { class: 'where', 'data-part': `steps.${index}.where` },
    ...where.map((condition, place) => {
      const number = place + 1;
      const name = choiceField(`${id}-${number}`, CONDITIONS, condition.name, null, (chosen) => {
        condition.name = chosen!;
        changed();
      });
      name.setAttribute('aria-label', `${step}, condition ${number}: dimension`);
      const values = h('input', {
        id: `${id}-${number}-values`,
        type: 'text',
        value: condition.values.join(', '),
        'aria-label': `${step}, condition ${number}: values, with commas between`,
        autocomplete: 'off',
        oninput: (event) => {
          const given = (event.target as HTMLInputElement).value.split(',').map((value) => value.trim());
          condition.values = given.length > 1 ? given.filter(Boolean) : given;
          changed();
        },
      });
      const remove = () => {
        where.splice(place, 1);
        redraw(`${id}-add`);
      };
      return h(
        'div',
        { class: 'row', 'data-part': `steps.${index}.where.${condition.name}` },
        h('span', {}, place === 0 ? 'where' : 'and'),
        name,
        h('span', {}, '='),
        values,
        act(`${id}-${number}-remove`, '×', `${step}: remove condition ${number}`, remove),
      );
    }),
  );
}
