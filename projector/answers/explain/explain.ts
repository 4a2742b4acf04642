import { EXIT, ProjectorError } from '../../errors.ts';
import type { Paths } from '../../store/paths.ts';
import type { Filter } from '../filter.ts';
import { isHash, pullsNamed, sessionsNamed } from '../find.ts';
import type { Source } from '../source.ts';
import { type EventExplanation, eventAtPlace, eventsNamed, explainEvent } from './event.ts';
import { type Explaining, explaining } from './explaining.ts';
import type { Explanation } from './explanation.ts';
import { explainMilestone } from './milestone.ts';
import { type ExplainedStep, explainStep, type MissedStep } from './step.ts';
import { type ExplainedSubject, explainSubject } from './subject.ts';

export type Explained =
  | ({ readonly kind: 'event' } & EventExplanation)
  | ({ readonly kind: 'subject' } & Explanation<ExplainedSubject>)
  | ({ readonly kind: 'step' } & Explanation<ExplainedStep, MissedStep>);

/**
 * Why something was told, or was not: an event by its id or as NAME@POSITION, a session or PR by its raw id or hash, a step as
 * `funnel NAME STEP`.
 */
export function explain(paths: Paths, source: Source, filter: Filter, what: readonly string[]): Explained {
  const [first = '', ...rest] = what;
  if (first === 'funnel' ? rest.length !== 2 : rest.length !== 0) throw malformed(what);
  return explaining(paths, source, (context) => {
    if (first !== 'funnel') return explainNamed(context, filter, first);
    const [funnel = '', step = ''] = rest;
    if (funnel === 'onboarding') return { kind: 'step', ...explainMilestone(context, filter, step) };
    return { kind: 'step', ...explainStep(context, filter, funnel, step) };
  });
}

function explainNamed(context: Explaining, filter: Filter, name: string): Explained {
  const atPlace = eventAtPlace(context, name);
  if (atPlace) return { kind: 'event', ...explainEvent(context, filter, atPlace) };
  const { source, keys } = context;
  const subjects = [...sessionsNamed(source, keys, name), ...pullsNamed(source, keys, name)];
  if (subjects.length === 1) return { kind: 'subject', ...explainSubject(context, filter, subjects[0]!) };
  // Ids of events are made anew one by one, so they are tried last.
  const events = subjects.length === 0 && isHash(name) ? eventsNamed(context, name) : [];
  if (events.length === 1) return { kind: 'event', ...explainEvent(context, filter, events[0]!) };
  throw notOne(name, subjects.length + events.length);
}

function notOne(name: string, count: number): ProjectorError {
  return new ProjectorError({
    code: count === 0 ? 'explain_unknown' : 'explain_ambiguous',
    message: `There is no one event, session or PR that ${JSON.stringify(name)} names.`,
    expected:
      'the id of an event or NAME@POSITION, a session id, the URL of a PR, a hash as `events --json` prints it, or as much of its beginning as no other has',
    found: count === 0 ? 'none' : 'more than one',
    remedy: 'See `ao-projector events` for what was derived, each with the row that made it.',
  });
}

function malformed(what: readonly string[]): ProjectorError {
  return new ProjectorError(
    {
      code: 'explain_malformed',
      message: `${JSON.stringify(what.join(' '))} names nothing that could be explained.`,
      expected: 'one event, session or PR, or `funnel NAME STEP`',
      found: `${what.length} words`,
      remedy: 'Write, for example, `ao-projector explain ao.session.killed@79` or `explain funnel session 3`.',
    },
    EXIT.usage,
  );
}
