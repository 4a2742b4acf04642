import { DIMENSIONS } from '../../../answers/dimensions.ts';
import { ENTRIES, FUNNEL_SUBJECTS, ORDERS } from '../../../answers/funnel/question.ts';
import { INTERVALS } from '../../../answers/intervals.ts';
import { h } from '../../dom.ts';
import type { Draft } from './draft.ts';
import { act, choiceField, labelled, spanField } from './fields.ts';
import { type Editing, eventFields } from './step-fields.ts';

/** What a question says beside its steps. */
export function optionFields(draft: Draft, { changed }: Editing): HTMLElement {
  const set = <Name extends keyof Draft>(name: Name, value: Draft[Name]) => {
    draft[name] = value;
    changed();
  };
  return h(
    'div',
    { class: 'option-fields' },
    part(
      'subject',
      'whose funnel',
      choiceField('edit-subject', FUNNEL_SUBJECTS, draft.subject, 'as the steps tell', (value) =>
        set('subject', value as Draft['subject']),
      ),
    ),
    part(
      'window_ms',
      'within',
      spanField('edit-window', draft.window_ms, true, (ms) => set('window_ms', ms!)),
    ),
    part(
      'order',
      'order',
      choiceField('edit-order', ORDERS, draft.order, null, (value) => set('order', value as Draft['order'])),
    ),
    part(
      'entry',
      'entry',
      choiceField('edit-entry', ENTRIES, draft.entry, null, (value) => set('entry', value as Draft['entry'])),
    ),
    part(
      'by',
      'break down by',
      choiceField('edit-by', DIMENSIONS, draft.by, 'nothing', (value) => set('by', value)),
    ),
    part(
      'attribute',
      'by the value of',
      choiceField('edit-attribute', attributes(draft), String(draft.attribute), null, (value) =>
        set('attribute', attributeOf(value!)),
      ),
    ),
    part(
      'top',
      'values at most',
      topField(draft, (top) => set('top', top)),
    ),
    part(
      'interval',
      'trend by',
      choiceField('edit-interval', INTERVALS, draft.interval, 'nothing', (value) => set('interval', value)),
    ),
  );
}

function part(name: string, label: string, field: HTMLElement): HTMLElement {
  const place = labelled(label, field);
  place.dataset.part = name;
  return place;
}

function attributes({ steps }: Draft): string[] {
  return ['first', 'last', ...steps.map((_, index) => String(index + 1))];
}

function attributeOf(text: string): Draft['attribute'] {
  return text === 'first' || text === 'last' ? text : Number(text);
}

function topField({ top }: Draft, choose: (top: number) => void): HTMLElement {
  const changed = (event: Event) => choose(Number((event.target as HTMLInputElement).value));
  return h('input', { id: 'edit-top', type: 'number', min: 1, step: 1, required: true, value: top, oninput: changed });
}

/** Events that void an attempt between two steps, and what adds one. */
export function exclusionFields({ exclude, steps }: Draft, editing: Editing): HTMLElement {
  const add = () => {
    exclude.push({ events: [''], after: 1, before: steps.length });
    editing.redraw(`exclude-${exclude.length}-event-1`);
  };
  const numbers = steps.map((_, index) => String(index + 1));
  return h(
    'div',
    { class: 'exclusions', 'data-part': 'exclude' },
    ...exclude.map((exclusion, index) => {
      const number = index + 1;
      const id = `exclude-${number}`;
      const stepChoice = (side: 'after' | 'before') => {
        return choiceField(`${id}-${side}`, numbers, String(exclusion[side]), null, (value) => {
          exclusion[side] = Number(value);
          editing.changed();
        });
      };
      const remove = () => {
        exclude.splice(index, 1);
        editing.redraw('add-exclusion');
      };
      return h(
        'fieldset',
        { 'data-part': `exclude.${index}` },
        h('legend', {}, `Exclusion ${number}`),
        eventFields(id, exclusion.events, `exclude.${index}.events`, `Exclusion ${number}`, editing),
        h(
          'div',
          { class: 'row' },
          labelled('after step', stepChoice('after')),
          labelled('before step', stepChoice('before')),
          h('span', { class: 'acts' }, act(`${id}-remove`, 'Remove', `Remove exclusion ${number}`, remove)),
        ),
      );
    }),
    act('add-exclusion', 'Exclude an event', null, add),
  );
}
