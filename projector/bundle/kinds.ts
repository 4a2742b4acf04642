import type { FactValue } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import { type Aliases, DIGESTED, type Digested } from './aliases.ts';

/** The fact that a value is taken from. */
export interface Taken extends Instant {
  readonly project: number | null;
}

/** What a field of a fact may hold in a bundle. */
export interface Kind {
  readonly expected: string;
  /** Whether a value may stand in a bundle. */
  allows(value: unknown): value is FactValue;
  /** What stands in a bundle for a value of a fact. */
  alias(value: FactValue, aliases: Aliases, fact: Taken): FactValue;
}

/** Events are numbered by the position of their fact times 128. */
const MAX_POSITION = 2 ** 46 - 1;

/** Thousands of years on either side, within what a date can hold. */
const MAX_MILLISECONDS = 1e15;

/** Reasons are sentences of ours: a field, and what was expected of it. */
const REASON = /^[A-Za-z_]+(\.[A-Za-z_]+)?: expected [A-Za-z ]{1,60}$/;

const SESSION_ALIAS = /^(p\d{1,9}|scratch)(\.\d{1,9})?-\d{1,9}$/;
const PROJECT_ALIAS = /^(p\d{1,9}|scratch)$/;
const PULL_ALIAS = /^https:\/\/example\.invalid\/(p\d{1,9}|scratch)\/pull\/\d{1,9}$/;
const TIME_ALIAS = /^([+-]\d\d)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z(#\d{1,9})?$/;

const integer = (expected: string, low: number, high: number): Kind => ({
  expected,
  allows: (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high,
  alias: (value) => value,
});

const text = (expected: string, pattern: RegExp, alias: Kind['alias']): Kind => ({
  expected,
  allows: (value): value is string => typeof value === 'string' && pattern.test(value),
  alias,
});

export const POSITION = integer('the number of a row', 1, MAX_POSITION);
export const MILLISECONDS = integer('a time in milliseconds', -MAX_MILLISECONDS, MAX_MILLISECONDS);
export const NANOS = integer('nanoseconds below a millisecond', 0, 999_999);
export const INTEGER = integer('an integer', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

export const BOOLEAN: Kind = {
  expected: 'a truth value',
  allows: (value): value is boolean => typeof value === 'boolean',
  alias: (value) => value,
};

export const REASON_TEXT = text('what was expected of a field', REASON, (value) => value);

export const PROJECT = text('a project such as p1', PROJECT_ALIAS, (value, aliases) =>
  aliases.project(value as number),
);
export const SESSION = text('a session such as p1-3', SESSION_ALIAS, (value, aliases) =>
  aliases.session(value as string),
);
export const HASHED_SESSION = text('a session such as p1-3', SESSION_ALIAS, (value, aliases, { project }) =>
  aliases.sessionOfHash(value as string, project),
);
export const PULL = text('a PR such as https://example.invalid/p1/pull/1', PULL_ALIAS, (value, aliases, { project }) =>
  aliases.pull(value as string, project as number),
);
export const TIME = text('a time in UTC', TIME_ALIAS, (value, aliases, fact) => aliases.time(value as string, fact));

/** Something that is only told from others: `c1`, `c2`, and so on. */
export const digested = (kind: Digested): Kind =>
  text(`a ${kind} such as ${DIGESTED[kind]}1`, new RegExp(`^${DIGESTED[kind]}\\d{1,9}$`), (value, aliases) =>
    aliases.digest(kind, value as string),
  );

export const word = (words: readonly string[]): Kind => ({
  expected: `one of ${words.join(', ')}`,
  allows: (value): value is string => (words as readonly unknown[]).includes(value),
  alias: (value) => value,
});

/** The same kind, or nothing: null, or '' where the nothing of a kind is a text. */
export const orNothing = (kind: Kind, nothing: null | '' = null): Kind => ({
  expected: `${kind.expected}, or nothing`,
  allows: (value): value is FactValue => value === nothing || kind.allows(value),
  alias: (value, aliases, fact) => (value === nothing ? nothing : kind.alias(value, aliases, fact)),
});
