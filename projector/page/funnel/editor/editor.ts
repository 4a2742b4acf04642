import type { QuestionJson } from '../../../answers/funnel/question-json.ts';
import type { Problem } from '../../../errors.ts';
import { h } from '../../dom.ts';
import type { Shown } from '../../view.ts';
import { NONE_SHIPPED } from '../asked.ts';
import { commandLine } from './command-line.ts';
import { draftOf, jsonOf } from './draft.ts';
import { exclusionFields, optionFields } from './option-fields.ts';
import { type Editing, stepFields } from './step-fields.ts';
import { sayWhatIsWrong } from './wrong.ts';

/** The question without what it would say anyway, in one line. */
export function brief(question: QuestionJson): string {
  const draft = draftOf(question);
  return JSON.stringify(draft ? jsonOf(draft) : question);
}

/**
 * Where a question is written: by fields or as JSON, each of which follows the other. It is asked, and stands in the address, once
 * one says so; `problem` is what the server said to the one in the address.
 *
 * @param written the question in the address
 */
export function editor({ route, filters }: Shown, written: string, problem: Problem | null): HTMLElement {
  let draft = draftOf(parsed(written));
  const fields = h('div', { class: 'fields' });
  const changed = h('span', { class: 'quiet' });
  const json = h('textarea', { id: 'edit-json', rows: 12, spellcheck: 'false', class: 'mono', oninput: readJson });
  const command = h('code', { class: 'command', tabindex: '0', 'aria-label': 'For the command line' });
  const copied = h('span', { class: 'quiet', role: 'status' });
  const editing: Editing = {
    changed: () => {
      if (draft) json.value = JSON.stringify(jsonOf(draft), null, 2);
      said();
    },
    redraw: (id) => {
      drawFields();
      editing.changed();
      document.getElementById(id)?.focus();
    },
  };
  drawFields();
  json.value = draft ? JSON.stringify(jsonOf(draft), null, 2) : written;
  said();
  const place = h(
    'section',
    { class: 'editor', 'aria-labelledby': 'editor' },
    h('h3', { id: 'editor', tabindex: '-1' }, 'The question'),
    h(
      'form',
      { onsubmit: submit },
      h(
        'div',
        { class: 'sides' },
        fields,
        h('div', { class: 'field', 'data-part': '--question' }, h('label', { for: 'edit-json' }, 'as JSON'), json),
      ),
      h(
        'div',
        { class: 'row' },
        h('button', { type: 'submit', class: 'main', id: 'ask' }, 'Ask'),
        h('button', { type: 'button', id: 'copy', onclick: () => void copy() }, 'Copy for the command line'),
        h('a', { href: route.href('funnel', { edit: null }), id: 'close-editor' }, 'Close'),
        changed,
        copied,
      ),
    ),
    command,
  );
  if (problem) sayWhatIsWrong(place, problem);
  return place;

  function drawFields(): void {
    fields.replaceChildren(
      ...(draft
        ? [stepFields(draft, editing), exclusionFields(draft, editing), optionFields(draft, editing)]
        : [h('p', {}, 'This is no question yet: it needs a list of steps, each with its events.')]),
    );
  }

  function readJson(): void {
    draft = draftOf(parsed(json.value));
    drawFields();
    said();
  }

  /** As it is asked; what cannot be read is asked as it is, and the server says what is wrong with it. */
  function question(): string {
    const read = parsed(json.value);
    return read === undefined ? json.value : JSON.stringify(read);
  }

  function said(): void {
    changed.textContent = question() === compact(written) ? '' : 'Changed; not asked yet.';
    command.textContent = commandLine(question(), filters);
  }

  function submit(event: Event): void {
    event.preventDefault();
    route.go('funnel', { ...NONE_SHIPPED, question: question(), step: null });
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(command.textContent!);
    copied.textContent = 'Copied.';
  }
}

function compact(text: string): string {
  const read = parsed(text);
  return read === undefined ? text : JSON.stringify(read);
}

/** What a text holds as JSON; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
