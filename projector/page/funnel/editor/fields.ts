import { EVENTS, type SubjectKind } from '../../../../projections/vocabulary.ts';
import { h } from '../../dom.ts';
import { shortName } from '../../format.ts';
import { SPAN, spanMs, spanText } from './span.ts';

const KINDS: readonly SubjectKind[] = ['session', 'pr', 'project', 'install', 'command'];

/** A label before a field, which has an id. */
export function labelled(label: string, field: HTMLElement): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: field.id }, label), field);
}

/** One of a few values; '' stands for none where `none` says what that means. */
export function choiceField(
  id: string,
  values: readonly string[],
  chosen: string | null,
  none: string | null,
  choose: (value: string | null) => void,
): HTMLElement {
  const known = chosen === null || values.includes(chosen) ? values : [chosen, ...values];
  return h(
    'select',
    { id, onchange: (event) => choose((event.target as HTMLSelectElement).value || null) },
    none !== null && h('option', { value: '' }, none),
    ...known.map((value) => h('option', { value, selected: value === chosen }, value)),
  );
}

/** One event, chosen by its name among those of the same kind of subject. */
export function eventField(id: string, chosen: string, label: string, choose: (name: string) => void): HTMLElement {
  const all = Object.values(EVENTS);
  const known = all.some(({ name }) => name === chosen);
  return h(
    'select',
    { id, 'aria-label': label, onchange: (event) => choose((event.target as HTMLSelectElement).value) },
    !known && h('option', { value: chosen, selected: true }, chosen || 'choose an event'),
    ...KINDS.map((kind) =>
      h(
        'optgroup',
        { label: kind },
        ...all
          .filter(({ subjectKind }) => subjectKind === kind)
          .map(({ name }) => h('option', { value: name, selected: name === chosen }, shortName(name))),
      ),
    ),
  );
}

/** A span such as `7d`. What is none is said, and not told to `choose`; null where the field may be empty, and is. */
export function spanField(
  id: string,
  ms: number | null,
  isNeeded: boolean,
  choose: (ms: number | null) => void,
): HTMLInputElement {
  const value = ms === null ? '' : spanText(ms);
  const field = h('input', { id, type: 'text', value, required: isNeeded, size: 6, autocomplete: 'off' });
  field.addEventListener('input', () => {
    const given = spanMs(field.value);
    const isEmpty = field.value.trim() === '' && !isNeeded;
    field.setCustomValidity(given === null && !isEmpty ? `Expected ${SPAN}.` : '');
    if (given !== null || isEmpty) choose(given);
  });
  return field;
}

/** A button that changes what is there. */
export function act(id: string, text: string, name: string | null, action: () => void): HTMLElement {
  return h('button', { type: 'button', id, 'aria-label': name, onclick: action }, text);
}
