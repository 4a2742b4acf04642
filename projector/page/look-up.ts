import { h } from './dom.ts';

/** A field for what one wants to see, and what goes there. */
export function lookUp(label: string, example: string, look: (text: string) => void): HTMLElement {
  const field = h('input', { id: 'look-up', type: 'text', required: true, autocomplete: 'off', spellcheck: 'false' });
  field.placeholder = example;
  const go = (event: Event) => {
    event.preventDefault();
    look(field.value.trim());
  };
  return h(
    'form',
    { class: 'row look-up', role: 'search', onsubmit: go },
    h('label', { for: 'look-up' }, label),
    field,
    h('button', { type: 'submit', id: 'look' }, 'Show'),
  );
}
