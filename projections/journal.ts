import { markAroundHook, markAroundStart } from './causes.ts';
import { type JournalFact, OBSERVED, TRIGGERED } from './facts.ts';
import { lived, triggersWent } from './lives.ts';
import { widen } from './span.ts';
import { markAroundSpawnFailure } from './standing.ts';
import type { Milestone, State } from './state.ts';

/** Folds one fact of the journal, in the journal's order. A fact that was folded before changes nothing. */
export function foldJournal(state: State, fact: JournalFact): void {
  const { progress } = state;
  if (fact.position <= progress.telemetry) return;
  progress.telemetry = fact.position;
  switch (fact.name) {
    case 'ao.daemon.started':
      progress.firstStart ??= milestone(fact);
      state.marks.addStart(fact);
      markAroundStart(state, fact);
      break;
    case 'ao.cli.invoked':
      if (fact.data.command !== 'ao hooks') break;
      state.marks.addHook(fact);
      markAroundHook(state, fact);
      break;
    case 'ao.session.spawn_failed':
      if (fact.project === null) break;
      state.marks.addSpawnFailure(fact.project, fact, Number(fact.data.duration_ms));
      markAroundSpawnFailure(state, fact);
      break;
    case 'ao.projects.created':
      earliestProject(state, fact);
      break;
    case TRIGGERED.sessionCreated:
    case TRIGGERED.sessionLaunched:
    case TRIGGERED.sessionFirstSignal:
    case TRIGGERED.sessionEnded:
      lived(state, fact);
      break;
    case TRIGGERED.uninstalled:
    case OBSERVED.triggersLost:
      triggersWent(state, fact);
      break;
    case TRIGGERED.projectAdded:
    case OBSERVED.project:
      if (fact.data.kind !== 'scratch') earliestProject(state, fact);
      break;
  }
  if (!WITHOUT_TIME.has(fact.name)) widen(progress.span, fact.at);
}

/** Facts that say nothing of when the daemon or its users did something. */
const WITHOUT_TIME: ReadonlySet<string> = new Set([
  OBSERVED.session,
  OBSERVED.migration,
  OBSERVED.triggersLost,
  TRIGGERED.installed,
  TRIGGERED.uninstalled,
  OBSERVED.rejected,
  OBSERVED.unknown,
]);

function earliestProject(state: State, fact: JournalFact): void {
  const { progress } = state;
  if (!progress.firstProject || fact.at < progress.firstProject.at) progress.firstProject = milestone(fact);
}

function milestone(fact: JournalFact): Milestone {
  return { stream: 'telemetry', position: fact.position, at: fact.at, session: null, project: fact.project };
}
