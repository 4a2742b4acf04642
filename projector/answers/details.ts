import { duration } from './duration.ts';
import type { EventAnswer } from './events.ts';

/** Dimensions and measures of an event, as people read them. */
export function details({ dimensions, measures }: Pick<EventAnswer, 'dimensions' | 'measures'>): string {
  const words = Object.entries(dimensions).filter(([, value]) => value !== null);
  const numbers = Object.entries(measures).map(([name, value]) =>
    name.endsWith('_ms') ? [name.slice(0, -'_ms'.length), duration(value)] : [name, String(value)],
  );
  return [...words, ...numbers].map(([name, value]) => `${name}=${value}`).join(' ');
}
