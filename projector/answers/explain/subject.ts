import { endCause } from '../../../projections/cause-rules.ts';
import { change, type Evidence } from '../../../projections/evidence.ts';
import type { DerivedEvent, Pull, Session } from '../../../projections/state.ts';
import { EVENTS, eventParts } from '../../../projections/vocabulary.ts';
import type { EventAnswer } from '../events.ts';
import { breakdown, dimensionOf, type Filter, isOfProject, isWithin } from '../filter.ts';
import type { Found, FoundPull, FoundSession } from '../find.ts';
import { wayOf } from '../funnel/ask.ts';
import type { ToldAttempt } from '../funnel/asked.ts';
import { type Plan, plan } from '../funnel/plan.ts';
import { SHIPPED } from '../funnel/shipped.ts';
import { rolledBackLives } from '../incarnations.ts';
import { eventsWhose } from '../lookups.ts';
import { eventsOfFound, livesOf, type TimelineAnswer } from '../timeline.ts';
import { whyNotCauses } from './causes.ts';
import type { Explaining } from './explaining.ts';
import type { Explanation, WhyNot } from './explanation.ts';
import { whyNotSpawned, whyRolledBack } from './not-spawned.ts';
import { ruleOf } from './rules.ts';
import { unreached } from './why-not.ts';

/** How far a subject has come in the funnel of its kind. */
export interface Standing {
  readonly funnel: string;
  readonly state: 'converted' | 'open' | 'dropped' | 'not_entered';
  readonly reached: readonly string[];
  /** Until when it may go on, or might have; null where it did not enter. */
  readonly until: number | null;
}

export interface ExplainedSubject extends Pick<TimelineAnswer, 'subject' | 'raw' | 'incarnations'> {
  readonly standing: Standing;
  readonly events: readonly (EventAnswer & { readonly rule: string })[];
}

const RULE = {
  session: 'A session is one life of a session id, from its creation row on. Each of its events stands with its rule.',
  pr: 'A PR is told by its URL, and its events go to the session that owned it then. Each stands with its rule.',
} as const;

/** Each event of a session or PR with its rule, and why it has come no further. */
export function explainSubject(context: Explaining, filter: Filter, found: Found): Explanation<ExplainedSubject> {
  const { source, state, subjects, printer, rows } = context;
  const { now, by } = filter;
  const events = eventsOfFound(source, state, found).filter((event) => {
    return isWithin(filter, event.at) && isOfProject(filter, subjects, event.project);
  });
  const way = found.kind === 'pr' ? wayOfPull(context, now, found) : wayOfSession(context, now, found);
  return {
    now,
    as_of: source.asOf(filter.since),
    answer: {
      ...livesOf(source, subjects, found),
      standing: way.standing,
      events: events.map((event) => ({ ...printer.print(event), rule: ruleOf(eventParts(event.id).definition) })),
    },
    rule: RULE[found.kind],
    rows: causesOf(events).map((evidence) => rows.read(evidence)),
    why_not: way.whyNot,
    breakdown: by === null ? [] : breakdown(events.map((event) => dimensionOf(subjects, event, by))),
  };
}

/** The row of each event once, with all that it made. */
function causesOf(events: readonly DerivedEvent[]): Evidence[] {
  const made = new Map<string, Evidence>();
  for (const { id } of events) {
    const { stream, position, definition } = eventParts(id);
    const other = made.get(`${stream} ${position}`);
    const role = other ? `${other.role}, ${definition.name}` : `made ${definition.name}`;
    made.set(`${stream} ${position}`, { stream, position, role });
  }
  return [...made.values()];
}

interface Way {
  readonly standing: Standing;
  readonly whyNot: readonly WhyNot[];
}

function wayOfSession(context: Explaining, now: number, { hash, incarnations }: FoundSession): Way {
  const { source, state } = context;
  const planned = plan({ ...SHIPPED.session, now });
  const born = incarnations.at(-1);
  const session = born === undefined ? undefined : state.sessions.byBorn(born);
  const rolledBack = rolledBackLives(source, hash).map((life) => whyRolledBack(context, life));
  if (!session) return { standing: standing(planned, null), whyNot: rolledBack };
  if (session.withheld) return { standing: standing(planned, null), whyNot: [whyNotSpawned(context, session)] };
  const pulls = eventsWhose(source, { session: session.born }).filter(isOf(EVENTS.prObserved));
  const pull = state.pulls.byBorn(pulls.at(-1)?.subject ?? 0) ?? null;
  const way = walk(context, planned, session.born, session, pull);
  return { ...way, whyNot: [...way.whyNot, ...whyUnknown(context, session)] };
}

function wayOfPull(context: Explaining, now: number, { born }: FoundPull): Way {
  return walk(context, plan({ ...SHIPPED.pr, now }), born, null, context.state.pulls.byBorn(born) ?? null);
}

function walk(context: Explaining, planned: Plan, key: number, session: Session | null, pull: Pull | null): Way {
  const { events, attempt } = wayOf(context.source, planned, key);
  return {
    standing: standing(planned, attempt),
    whyNot: unreached(context, planned.question, events, attempt, { session, pull }),
  };
}

function standing(planned: Plan, attempt: ToldAttempt | null): Standing {
  const { name, windowMs } = planned.question;
  const funnel = name ?? '';
  if (!attempt) return { funnel, state: 'not_entered', reached: [], until: null };
  return {
    funnel,
    state: attempt.converted ? 'converted' : attempt.open ? 'open' : 'dropped',
    reached: attempt.reached.flatMap((event) => event?.definition.name ?? []),
    until: attempt.entry.at + windowMs,
  };
}

/** What was missing to tell why a session ended, where it did not come back and nothing tells. */
function whyUnknown(context: Explaining, session: Session): WhyNot[] {
  const { state, rows } = context;
  const end = session.terminated ? state.ends.get(session.lastEnd) : undefined;
  if (!end) return [];
  if (endCause(state, end, session) !== 'unknown') return [];
  const causes = whyNotCauses(context, end, session);
  const near = rows.read(change(end.seq, 'the end'));
  const missing = [...new Set(causes.map(({ what, why }) => `${what}: ${why}`))];
  return [{ what: 'end_cause', why: `Nothing tells why it ended. ${missing.join(' ')}`, near }];
}

function isOf(definition: (typeof EVENTS)[keyof typeof EVENTS]) {
  return ({ id }: DerivedEvent) => eventParts(id).definition === definition;
}
