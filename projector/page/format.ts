import { rounded } from '../answers/duration.ts';
import { h } from './dom.ts';

export { duration } from '../answers/duration.ts';

/** A time in milliseconds as text to the second, as the command line prints it. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

export function time(ms: number): HTMLTimeElement {
  return h('time', { datetime: new Date(ms).toISOString() }, timeText(ms));
}

/** A share of one as a percentage. */
export function percent(share: number | null): string {
  return share === null ? '-' : `${rounded(share * 100)} %`;
}

/** `1 gap`, `2 gaps` */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** The name of an event without what all of them begin with. */
export function shortName(name: string): string {
  return name.replace(/^ao\./, '');
}

/** Hashes are told apart by their beginning. */
export function shortHash(text: string): string {
  return /^[0-9a-f]{12,}$/.test(text) ? text.slice(0, 8) : text;
}
