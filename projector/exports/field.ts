/** The kinds of values that may leave the machine. No kind can hold a text that somebody wrote. */
export type FieldKind =
  /** A word of a closed vocabulary; any other becomes `other`. */
  | { readonly kind: 'word'; readonly words: readonly string[] }
  /** A duration in milliseconds: the greatest of 0, 1, 2, 5, 10, 20, 50 ... that is not above it. */
  | { readonly kind: 'bucketed' }
  /** A whole number up to a million, in buckets of one: how many there were. */
  | { readonly kind: 'count' }
  /** Hexadecimal digits of a keyed hash, or of a digest over one. */
  | { readonly kind: 'hash' }
  /** A moment: milliseconds UTC. */
  | { readonly kind: 'time' }
  /** A row's number. */
  | { readonly kind: 'position' };

export interface Field {
  readonly type: FieldKind;
  /** What it is for. */
  readonly purpose: string;
  /** Whether counters tell its values apart: it is never revised once an event is settled. */
  readonly counted: boolean;
}

export const OTHER_WORD = 'other';
const MOST = 1_000_000;

/** What may leave of a value; undefined for nothing. Throws for what cannot be of this kind: that is a fault of ours. */
export function exportable({ type }: Field, value: unknown): string | number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  switch (type.kind) {
    case 'word':
      return type.words.includes(String(value)) ? String(value) : OTHER_WORD;
    case 'hash':
      if (typeof value === 'string' && /^[0-9a-f]{12,32}$/.test(value)) return value;
      break;
    case 'bucketed':
      if (isWhole(value)) return bucketed(value);
      break;
    case 'count':
      if (isWhole(value)) return Math.min(value, MOST);
      break;
    case 'time':
    case 'position':
      if (Number.isSafeInteger(value)) return Number(value);
  }
  throw new Error(`Expected a value of the kind ${type.kind}, got a ${typeof value} that is none`);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The greatest of 0, 1, 2, 5, 10, 20, 50 ... that is not above a whole number. */
export function bucketed(value: number): number {
  if (value === 0) return 0;
  const decade = 10 ** (String(value).length - 1);
  const lead = Math.floor(value / decade);
  return decade * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}
