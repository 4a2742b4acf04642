import * as v from 'valibot';
import { EVENTS, eventByName } from '../../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../../errors.ts';
import { DIMENSIONS } from '../filter.ts';
import { INTERVALS } from '../intervals.ts';
import { DEFAULTS, ENTRIES, FUNNEL_SUBJECTS, type FunnelQuestion, ORDERS } from './question.ts';

const MOST_STEPS = 32;

const eventName = v.picklist(
  Object.values(EVENTS).map(({ name }): string => name),
  'the name of an event, such as "ao.session.spawned"',
);
const names = v.pipe(v.array(eventName, 'a list of names of events'), v.minLength(1, 'at least one name of an event'));
const milliseconds = v.pipe(
  v.number('milliseconds'),
  v.integer('whole milliseconds'),
  v.minValue(0, 'milliseconds, not below 0'),
);
const stepNumber = v.pipe(
  v.number('the number of a step'),
  v.integer('the number of a step'),
  v.minValue(1, 'a number from 1 on'),
);
const word = v.string('a word');
const values = v.union(
  [word, v.pipe(v.array(word), v.minLength(1, 'at least one word'))],
  'a word, or a list of words',
);
const FILTERS = [...DIMENSIONS, 'how'] as const;

const step = v.strictObject(
  {
    events: names,
    where: v.optional(v.record(v.picklist(FILTERS, `one of ${FILTERS.join(', ')}`), values), {}),
    optional: v.optional(v.boolean('true or false'), false),
    gap_ms: v.optional(v.nullable(milliseconds), null),
  },
  'a step: events, and perhaps where, optional and gap_ms',
);

const exclusion = v.strictObject(
  { events: names, after: v.optional(stepNumber), before: v.optional(stepNumber) },
  'an exclusion: events, and the numbers of the steps that they stand after and before',
);

/** A funnel question as JSON. Times are milliseconds, steps are counted from 1; what is left out is as `docs/funnels.md` says. */
export const QUESTION_SCHEMA = v.strictObject(
  {
    name: v.optional(v.nullable(v.string('a name')), null),
    subject: v.optional(v.nullable(v.picklist(FUNNEL_SUBJECTS, `one of ${FUNNEL_SUBJECTS.join(', ')}`)), null),
    steps: v.pipe(
      v.array(step, 'a list of steps'),
      v.minLength(2, 'at least 2 steps'),
      v.maxLength(MOST_STEPS, `at most ${MOST_STEPS} steps`),
    ),
    order: v.optional(v.picklist(ORDERS, `one of ${ORDERS.join(', ')}`), DEFAULTS.order),
    window_ms: v.optional(milliseconds, DEFAULTS.windowMs),
    exclude: v.optional(v.array(exclusion, 'a list of exclusions'), []),
    entry: v.optional(v.picklist(ENTRIES, `one of ${ENTRIES.join(', ')}`), DEFAULTS.entry),
    since: v.optional(v.nullable(v.number('milliseconds UTC')), null),
    until: v.optional(v.nullable(v.number('milliseconds UTC')), null),
    by: v.optional(v.nullable(v.picklist(DIMENSIONS, `one of ${DIMENSIONS.join(', ')}`)), null),
    attribute: v.optional(
      v.union([v.picklist(['first', 'last']), stepNumber], 'first, last, or the number of a step'),
      'first',
    ),
    top: v.optional(
      v.pipe(v.number('a number'), v.integer('a whole number'), v.minValue(1, 'at least 1')),
      DEFAULTS.top,
    ),
    interval: v.optional(v.nullable(v.picklist(INTERVALS, `one of ${INTERVALS.join(', ')}`)), null),
  },
  'a question: an object with at least `steps`',
);

export type QuestionJson = v.InferInput<typeof QUESTION_SCHEMA>;

/** Reads a question; throws a {@link ProjectorError} that names the part which does not fit. */
export function parseQuestion(json: unknown, now: number): FunnelQuestion {
  const parsed = v.safeParse(QUESTION_SCHEMA, json, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw invalid(v.getDotPath(issue) ?? 'question', issue.message, issue.received);
  }
  const { steps, exclude, subject, window_ms, attribute, ...rest } = parsed.output;
  const definitions = steps.map(({ events }) => events.map((name) => eventByName(name)!));
  const read: FunnelQuestion = {
    ...rest,
    subject: subject ?? subjectOf(definitions.flat().map(({ subjectKind }) => subjectKind)),
    steps: steps.map(({ where, optional, gap_ms }, index) => ({
      events: definitions[index]!,
      where: Object.fromEntries(Object.entries(where).map(([name, value]) => [name, [value].flat()])),
      optional,
      gapMs: gap_ms,
    })),
    windowMs: window_ms,
    exclude: exclude.map(({ events, after = 1, before = steps.length }) => ({
      events: events.map((name) => eventByName(name)!),
      after: after - 1,
      before: before - 1,
    })),
    attribute: typeof attribute === 'number' ? attribute - 1 : attribute,
    now,
  };
  check(read);
  return read;
}

type SubjectKind = (typeof EVENTS)[keyof typeof EVENTS]['subjectKind'];

/** The subject that all steps have: a PR's events are of its session, and everything is of the install. */
function subjectOf(kinds: readonly SubjectKind[]): FunnelQuestion['subject'] {
  if (kinds.every((kind) => kind === 'pr')) return 'pr';
  if (kinds.every((kind) => kind === 'pr' || kind === 'session')) return 'session';
  return kinds.every((kind) => kind !== 'install' && kind !== 'command') ? 'project' : 'install';
}

/** Kinds of events that a subject has. */
const KINDS: Readonly<Record<FunnelQuestion['subject'], readonly SubjectKind[]>> = {
  pr: ['pr'],
  session: ['session', 'pr'],
  project: ['project', 'session', 'pr'],
  install: ['install', 'command', 'project', 'session', 'pr'],
};

const NOTHING_BETWEEN = 'none where the order is any: there, nothing stands between two steps';

/** What no type says: how the parts of a question go together. */
function check({ steps, subject, order, exclude, attribute, since, until }: FunnelQuestion): void {
  if (steps[0]!.optional) throw invalid('steps.0.optional', 'false: the first step opens an attempt', 'true');
  const required = steps.filter(({ optional }) => !optional).length;
  if (required < 2) throw invalid('steps', 'at least 2 steps that are not optional', String(required));
  steps.forEach(({ events }, index) => {
    for (const { name, subjectKind } of events) {
      if (KINDS[subject].includes(subjectKind)) continue;
      throw invalid(`steps.${index}.events`, `an event of a ${subject}`, `${name}, of ${subjectKind}`);
    }
  });
  if (order === 'any') {
    const gap = steps.findIndex(({ gapMs }) => gapMs !== null);
    if (gap >= 0) throw invalid(`steps.${gap}.gap_ms`, NOTHING_BETWEEN, String(steps[gap]!.gapMs));
    if (exclude.length > 0) throw invalid('exclude', NOTHING_BETWEEN, `${exclude.length} of them`);
  }
  exclude.forEach(({ after, before }, index) => {
    if (after < before && before < steps.length) return;
    const expected = `steps in order, from 1 to ${steps.length}`;
    throw invalid(`exclude.${index}`, expected, `after ${after + 1}, before ${before + 1}`);
  });
  if (typeof attribute === 'number' && attribute >= steps.length) {
    throw invalid('attribute', `the number of a step, from 1 to ${steps.length}`, String(attribute + 1));
  }
  if (since !== null && until !== null && since > until) throw invalid('until', 'a time after `since`', String(until));
}

export function invalid(part: string, expected: string, found: string): ProjectorError {
  return new ProjectorError(
    {
      code: 'question_invalid',
      message: `The funnel question is wrong at ${part}.`,
      expected,
      found,
      remedy: 'Mend that part. See `ao-projector help funnel` and docs/funnels.md for what a question may hold.',
    },
    EXIT.usage,
  );
}

/** The question as {@link parseQuestion} reads it, with everything that was left out. */
export function describe(question: FunnelQuestion): object {
  const { name, subject, steps, order, windowMs, exclude, entry, since, until, by, attribute, top, interval } =
    question;
  return {
    name,
    subject,
    steps: steps.map(({ events, where, optional, gapMs }) => ({
      events: events.map((event) => event.name),
      where: Object.fromEntries(
        Object.entries(where).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
      ),
      optional,
      gap_ms: gapMs,
    })),
    order,
    window_ms: windowMs,
    exclude: exclude.map(({ events, after, before }) => ({
      events: events.map((event) => event.name),
      after: after + 1,
      before: before + 1,
    })),
    entry,
    since,
    until,
    by,
    attribute: typeof attribute === 'number' ? attribute + 1 : attribute,
    top,
    interval,
  };
}
