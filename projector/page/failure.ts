import { keepToken, Refusal, tokenIn } from './api.ts';
import { h } from './dom.ts';

/** What stands where an answer would: what went wrong, and what to do. `again` asks once more. */
export function failure(error: unknown, again: () => void): HTMLElement {
  const problem = error instanceof Refusal ? error.problem : null;
  if (problem?.code === 'token_needed') return tokenForm(problem.found === 'none', again);
  return h(
    'section',
    { class: 'failure', role: 'alert' },
    h('h3', {}, problem?.message ?? 'The page has failed.'),
    h('p', {}, problem ? `Expected ${problem.expected}; found ${problem.found}.` : String(error)),
    problem && h('p', {}, problem.remedy),
    h('button', { type: 'button', id: 'again', onclick: again }, 'Ask again'),
  );
}

function tokenForm(isMissing: boolean, again: () => void): HTMLElement {
  const field = h('input', { id: 'token', type: 'text', autocomplete: 'off', spellcheck: 'false', required: true });
  const use = (event: Event) => {
    event.preventDefault();
    keepToken(tokenIn(field.value) ?? field.value.trim());
    again();
  };
  return h(
    'section',
    { class: 'failure', role: 'alert' },
    h('h3', {}, isMissing ? 'This page has no token.' : 'This page has the token of another server.'),
    h(
      'p',
      {},
      'Others who use this machine must not read what stands here. Open the address that ',
      h('code', {}, 'ao-projector serve'),
      ' printed, or paste it here; each start prints another one, and each tab needs it once.',
    ),
    h(
      'form',
      { class: 'row', onsubmit: use },
      h('label', { for: 'token' }, 'Address or token'),
      field,
      h('button', { type: 'submit' }, 'Use it'),
    ),
  );
}
