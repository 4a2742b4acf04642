import { DEFAULTS, type ENTRIES, type FUNNEL_SUBJECTS, type ORDERS } from '../../../answers/funnel/question.ts';
import type { QuestionJson } from '../../../answers/funnel/question-json.ts';

/** A question as it is being written: everything is there, and may be changed in place. */
export interface Draft {
  name: string | null;
  /** Null where the steps tell it. */
  subject: (typeof FUNNEL_SUBJECTS)[number] | null;
  steps: DraftStep[];
  order: (typeof ORDERS)[number];
  window_ms: number;
  exclude: DraftExclusion[];
  entry: (typeof ENTRIES)[number];
  since: number | null;
  until: number | null;
  by: string | null;
  attribute: 'first' | 'last' | number;
  top: number;
  interval: string | null;
}

export interface DraftStep {
  events: string[];
  where: { name: string; values: string[] }[];
  optional: boolean;
  gap_ms: number | null;
}

/** Steps are counted from 1. */
export interface DraftExclusion {
  events: string[];
  after: number;
  before: number;
}

/** What can be changed of a question; null where it is none, so that there is nothing but its text to be changed. */
export function draftOf(read: unknown): Draft | null {
  const question = read as QuestionJson;
  const { steps, exclude = [] } = question ?? {};
  if (!Array.isArray(steps) || !Array.isArray(exclude)) return null;
  if (![...steps, ...exclude].every((part) => Array.isArray(part?.events))) return null;
  return {
    name: question.name ?? null,
    subject: question.subject ?? null,
    steps: steps.map(({ events, where, optional = false, gap_ms = null }) => ({
      events: [...events],
      where: Object.entries(where ?? {}).map(([name, value]) => ({ name, values: [value].flat() })),
      optional,
      gap_ms,
    })),
    order: question.order ?? DEFAULTS.order,
    window_ms: question.window_ms ?? DEFAULTS.windowMs,
    exclude: exclude.map(({ events, after = 1, before = steps.length }) => ({ events: [...events], after, before })),
    entry: question.entry ?? DEFAULTS.entry,
    since: question.since ?? null,
    until: question.until ?? null,
    by: question.by ?? null,
    attribute: question.attribute ?? DEFAULTS.attribute,
    top: question.top ?? DEFAULTS.top,
    interval: question.interval ?? null,
  };
}

/** The question without what it would say anyway. */
export function jsonOf(draft: Draft): object {
  return without(
    {
      ...draft,
      steps: draft.steps.map(({ where, ...step }) =>
        without(
          { ...step, where: Object.fromEntries(where.map(({ name, values }) => [name, wordOrWords(values)])) },
          { where: {}, optional: false, gap_ms: null },
        ),
      ),
    },
    {
      ...{ name: null, subject: null, order: DEFAULTS.order, window_ms: DEFAULTS.windowMs, exclude: [] },
      ...{ entry: DEFAULTS.entry, since: null, until: null, by: null, attribute: DEFAULTS.attribute },
      ...{ top: DEFAULTS.top, interval: null },
    },
  );
}

function wordOrWords(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}

function without(all: object, defaults: Readonly<Record<string, unknown>>): object {
  const said = Object.entries(all).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]));
  return Object.fromEntries(said);
}
