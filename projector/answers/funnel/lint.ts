import { type EventDefinition, eventByCode } from '../../../projections/vocabulary.ts';
import type { AsOf, Source } from '../source.ts';
import { ask, attemptsOf, subjectsOf } from './ask.ts';
import { plan } from './plan.ts';
import { type FunnelQuestion, passesFilter } from './question.ts';
import { describe } from './question-json.ts';
import type { OfProject } from './select.ts';
import { times } from './statistics.ts';

/** Something about a question that makes its answer say less than it seems to; `part` is named as in the question's JSON. */
export type Finding = { readonly part: string } & (
  | { readonly problem: 'event_never_occurs'; readonly found: { readonly event: string } }
  | {
      readonly problem: 'value_never_occurs';
      readonly found: { readonly value: string; readonly values: readonly string[] };
    }
  | { readonly problem: 'nothing_passes'; readonly found: { readonly events: number } }
  | { readonly problem: 'exclusion_is_a_step'; readonly found: { readonly event: string; readonly step: number } }
  | {
      readonly problem: 'window_too_short';
      readonly found: { readonly steps: readonly [number, number]; readonly median_ms: number };
    }
  | { readonly problem: 'one_value'; readonly found: { readonly value: string | null } }
);

export interface LintAnswer {
  readonly question: object;
  readonly now: number;
  readonly as_of: AsOf;
  readonly findings: readonly Finding[];
}

/** Holds a question against what the derived tables have. */
export function lint(source: Source, question: FunnelQuestion, ofProject?: OfProject): LintAnswer {
  const seen = look(source, question, ofProject);
  return {
    question: describe(question),
    now: question.now,
    as_of: source.asOf(question.since),
    findings: [
      ...eventsThatNeverOccur(question, seen),
      ...filtersThatNothingPasses(question, seen),
      ...exclusionsOfSteps(question),
      ...windowTooShort(source, question, ofProject),
      ...breakdownOfOne(source, question, ofProject),
    ],
  };
}

/** What the events were seen to be. */
interface Seen {
  readonly definitions: Set<EventDefinition>;
  /** Of each step: how many of its events there are, how many of them pass, and the values of the dimensions that it asks for. */
  readonly steps: readonly { events: number; passed: number; readonly values: Map<string, Set<string>> }[];
}

function look(source: Source, question: FunnelQuestion, ofProject: OfProject | undefined): Seen {
  const seen: Seen = {
    definitions: new Set(),
    steps: question.steps.map(() => ({ events: 0, passed: 0, values: new Map() })),
  };
  const planned = plan(question);
  for (const { asked, from, to } of subjectsOf(source, planned, ofProject)) {
    for (let event = from; event < to; event++) {
      const code = asked.columns.codes[event]!;
      if (!planned.isNamed[code]) continue;
      seen.definitions.add(eventByCode(code));
      for (const index of planned.steps[code]!) {
        const step = question.steps[index]!;
        const ofStep = seen.steps[index]!;
        ofStep.events += 1;
        const dimensions = planned.isFiltered[code] ? asked.dimensions(event) : {};
        if (passesFilter(step, dimensions)) ofStep.passed += 1;
        for (const dimension in step.where) {
          const value = dimensions[dimension] ?? null;
          if (value === null) continue;
          ofStep.values.set(dimension, (ofStep.values.get(dimension) ?? new Set()).add(value));
        }
      }
    }
  }
  return seen;
}

function* eventsThatNeverOccur({ steps, exclude }: FunnelQuestion, { definitions }: Seen): Generator<Finding> {
  const parts = Object.entries({ steps, exclude }).flatMap(([part, list]) =>
    list.flatMap(({ events }, index) => events.map((event, at) => ({ event, part: `${part}.${index}.events.${at}` }))),
  );
  for (const { event, part } of parts) {
    if (!definitions.has(event)) yield { part, problem: 'event_never_occurs', found: { event: event.name } };
  }
}

function* filtersThatNothingPasses({ steps }: FunnelQuestion, seen: Seen): Generator<Finding> {
  for (const [index, { where }] of steps.entries()) {
    const { events, passed, values } = seen.steps[index]!;
    if (events === 0) continue;
    const missing = Object.entries(where).flatMap(([dimension, asked]) => {
      const occurring = [...(values.get(dimension) ?? [])].sort();
      const part = `steps.${index}.where.${dimension}`;
      return asked
        .filter((value) => !occurring.includes(value))
        .map((value): Finding => ({ part, problem: 'value_never_occurs', found: { value, values: occurring } }));
    });
    yield* missing;
    if (missing.length === 0 && passed === 0) {
      yield { part: `steps.${index}.where`, problem: 'nothing_passes', found: { events } };
    }
  }
}

/** An excluded event is applied before it may be a step. */
function* exclusionsOfSteps({ steps, exclude }: FunnelQuestion): Generator<Finding> {
  for (const [index, { events }] of exclude.entries()) {
    for (const [at, event] of events.entries()) {
      const step = steps.findIndex((one) => one.events.includes(event));
      if (step < 0) continue;
      const found = { event: event.name, step: step + 1 };
      yield { part: `exclude.${index}.events.${at}`, problem: 'exclusion_is_a_step', found };
    }
  }
}

/** The first step that half of those who reach it at all reach later than the window; and the nearest step that is so far before it. */
function* windowTooShort(
  source: Source,
  question: FunnelQuestion,
  ofProject: OfProject | undefined,
): Generator<Finding> {
  const unlimited = plan({ ...question, windowMs: Number.MAX_SAFE_INTEGER });
  const attempts = [...attemptsOf(source, unlimited, ofProject)].map(({ attempt }) => attempt);
  for (const to of question.steps.keys()) {
    for (let from = to - 1; from >= 0; from--) {
      const durations = attempts.flatMap(({ reached }) => {
        const [start, end] = [reached[from], reached[to]];
        return start && end ? [end.at - start.at] : [];
      });
      const { median_ms } = times(durations);
      if (median_ms === null || median_ms <= question.windowMs) continue;
      yield { part: 'window_ms', problem: 'window_too_short', found: { steps: [from + 1, to + 1], median_ms } };
      return;
    }
  }
}

function* breakdownOfOne(
  source: Source,
  question: FunnelQuestion,
  ofProject: OfProject | undefined,
): Generator<Finding> {
  if (question.by === null) return;
  const [first, ...others] = ask(source, question, ofProject).breakdown;
  if (first && others.length === 0) yield { part: 'by', problem: 'one_value', found: { value: first.value } };
}
