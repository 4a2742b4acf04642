import type { Problem } from '../../../errors.ts';
import { h } from '../../dom.ts';

/** Says what is wrong with a question where it is wrong: at the part that is named, or the one that it stands in. */
export function sayWhatIsWrong(place: HTMLElement, { message, expected, found }: Problem): void {
  const part = /wrong at (.+)\.$/.exec(message)?.[1] ?? '';
  const parts = [...place.querySelectorAll<HTMLElement>('[data-part]')].filter(({ dataset }) => {
    return part === dataset.part || part.startsWith(`${dataset.part}.`);
  });
  const at = parts.sort((a, b) => a.dataset.part!.length - b.dataset.part!.length).at(-1);
  const said = h(
    'p',
    { class: 'wrong', id: 'wrong', role: 'alert' },
    message,
    ` Expected ${expected}; found ${found}.`,
  );
  if (at) at.append(said);
  else place.prepend(said);
  for (const field of at?.querySelectorAll('select, input, textarea') ?? []) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', 'wrong');
  }
}
