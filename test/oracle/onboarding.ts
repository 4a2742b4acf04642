import { eventAt, inReadingOrder, type OracleEvent } from './event.ts';
import { knownPulls } from './pulls.ts';
import type { Story } from './story.ts';
import { isCredible, type Nanoseconds, toMilliseconds } from './time.ts';

/** The milestones of an install: each the first of its source, at its source's time and place. */
export function onboardingEvents(story: Story, events: OracleEvent[]): OracleEvent[] {
  const sorted = [...events].sort(inReadingOrder);
  const first = (name: string, matches: (event: OracleEvent) => boolean) => milestone(name, sorted.find(matches));
  return [
    daemonStarted(story),
    firstProject(story),
    first('ao.onboarding.first_session_spawned', (event) => event.name === 'ao.session.spawned'),
    first('ao.onboarding.first_agent_output', (event) => event.name === 'ao.session.first_signal'),
    first(
      'ao.onboarding.first_pr_observed',
      (event) => event.name === 'ao.pr.observed' && event.dimensions.how === 'found',
    ),
    firstReviewed(story, sorted),
    first('ao.onboarding.first_pr_revised', (event) => event.name === 'ao.pr.revised'),
    first('ao.onboarding.first_merge', (event) => event.name === 'ao.pr.merged'),
  ].filter((event) => event !== null);
}

/** Left out where anything else is older: then the first start was pruned, or was never recorded. */
function daemonStarted(story: Story): OracleEvent | null {
  const start = story.telemetry.find((row) => row.name === 'ao.daemon.started');
  if (start === undefined) return null;
  const facts: Nanoseconds[] = [
    ...story.changes.filter((row) => row.kind !== 'id_only').map((row) => row.time),
    ...story.telemetry.map((row) => row.time),
    ...story.projects.map((project) => project.registered),
    ...story.seen.filter((fact) => !fact.name.startsWith('triggers_')).map((fact) => fact.time),
  ];
  if (facts.some((time) => isCredible(time) && time < start.time)) return null;
  return install('ao.daemon.started', start.time, 'telemetry', start.rowid);
}

function firstProject(story: Story): OracleEvent | null {
  const name = 'ao.onboarding.first_project_added';
  const sources = [
    ...story.telemetry
      .filter((row) => row.name === 'ao.projects.created')
      .map((row) => ({ time: row.time, event: install(name, row.time, 'telemetry', row.rowid) })),
    ...story.projects
      .filter((project) => project.id !== 'scratch')
      .map((project) => ({ time: project.registered, event: install(name, project.registered, 'observed', 0) })),
  ];
  const earliest = sources.find((source) => sources.every((other) => source.time <= other.time));
  if (earliest !== undefined) return earliest.event;
  const row = story.changes.find((change) => change.kind !== 'id_only' && change.project !== 'scratch');
  return row === undefined ? null : eventAt(row, name, { subject: 'install', session: null });
}

function firstReviewed(story: Story, sorted: OracleEvent[]): OracleEvent | null {
  const threads = story.changes
    .filter((row) => row.kind === 'pr_review_thread_added' && knownPulls(story, row.seq).includes(row.url))
    .map((row) => eventAt(row, 'thread', { subject: 'install', session: null }));
  const decisions = sorted.filter(
    (event) => event.name === 'ao.pr.approved' || event.name === 'ao.pr.changes_requested',
  );
  return milestone('ao.onboarding.first_pr_reviewed', [...threads, ...decisions].sort(inReadingOrder)[0]);
}

function milestone(name: string, source: OracleEvent | undefined): OracleEvent | null {
  if (source === undefined) return null;
  const { at, stream, position } = source;
  return { name, at, stream, position, subject: 'install', session: null, dimensions: {}, measures: {} };
}

function install(name: string, time: Nanoseconds, stream: OracleEvent['stream'], position: number): OracleEvent {
  const at = toMilliseconds(time);
  return { name, at, stream, position, subject: 'install', session: null, dimensions: {}, measures: {} };
}
