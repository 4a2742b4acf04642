import { markAroundHook, markAroundStart } from './causes.ts';
import { type JournalFact, OBSERVED, TRIGGERED } from './facts.ts';
import { markAroundSpawnFailure } from './failed-spawns.ts';
import { panicked, serverError, spawnFailed, usageError } from './failures.ts';
import { lived, triggersWent } from './lives.ts';
import { widen } from './span.ts';
import { daemonLeft, startTold } from './starts.ts';
import type { Milestone, State } from './state.ts';
import { projectTraced, reviewTraced } from './traces.ts';
import { used } from './usage.ts';

/** Folds one fact of the journal, in the journal's order. A fact that was folded before changes nothing. */
export function foldJournal(state: State, fact: JournalFact): void {
  const { progress } = state;
  if (fact.position <= progress.telemetry) return;
  progress.telemetry = fact.position;
  switch (fact.name) {
    case 'ao.daemon.started':
      progress.firstStart ??= milestone(fact);
      startTold(state, fact, 'recorded');
      markAroundStart(state, fact);
      break;
    case 'ao.cli.usage_errors':
      usageError(state, fact);
      break;
    case 'ao.http.5xx':
      serverError(state, fact);
      break;
    case 'ao.daemon.panic':
      panicked(state, fact);
      break;
    case 'ao.cli.invoked':
      used(state, fact);
      if (fact.data.command !== 'ao hooks') break;
      state.marks.addHook(fact);
      markAroundHook(state, fact);
      break;
    case 'ao.app.active':
    case TRIGGERED.terminalOpened:
    case TRIGGERED.notificationRaised:
      used(state, fact);
      break;
    case OBSERVED.daemonStarted:
      startTold(state, fact, 'seen');
      break;
    case OBSERVED.daemonLeft:
      daemonLeft(state, fact);
      break;
    case OBSERVED.daemonStopped:
      state.marks.addStop(fact);
      break;
    case 'ao.review.triggered':
    case 'ao.review.submitted':
    case 'ao.review.cancelled':
    case 'ao.review.trigger_failed':
    case TRIGGERED.reviewRunCreated:
    case TRIGGERED.reviewRunChanged:
      reviewTraced(state, fact);
      break;
    case TRIGGERED.projectReadded:
      projectTraced(state, fact);
      break;
    case 'ao.session.spawn_failed':
      spawnFailed(state, fact);
      if (fact.project === null) break;
      state.marks.addSpawnFailure(fact.project, fact, Number(fact.data.duration_ms));
      markAroundSpawnFailure(state, fact);
      break;
    case 'ao.projects.created':
      earliestProject(state, fact);
      projectTraced(state, fact);
      break;
    case TRIGGERED.sessionCreated:
    case TRIGGERED.sessionLaunched:
    case TRIGGERED.sessionFirstSignal:
    case TRIGGERED.sessionEnded:
    case TRIGGERED.sessionRolledBack:
      lived(state, fact);
      break;
    case TRIGGERED.uninstalled:
    case OBSERVED.triggersLost:
      triggersWent(state, fact);
      break;
    case TRIGGERED.projectAdded:
    case OBSERVED.project:
      if (fact.data.kind !== 'scratch') earliestProject(state, fact);
      projectTraced(state, fact);
      break;
  }
  if (!WITHOUT_TIME.has(fact.name)) widen(progress.telemetrySpan, fact.at);
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
