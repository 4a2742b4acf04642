import type { Filters } from '../../view.ts';

/** What asks the same on the command line. */
export function commandLine(question: string, filters: Filters): string {
  const options = Object.entries(filters).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}`, quoted(value)],
  );
  return ['ao-projector funnel --question', quoted(question), ...options].join(' ');
}

/** As one word for a shell. */
function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
