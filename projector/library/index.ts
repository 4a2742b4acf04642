/** What a program that installs this package can reach: the answers of the command line. See docs/library.md. */

export type { ActivityAnswer } from '../answers/activity.ts';
export type { CrashesAnswer, StartAnswer } from '../answers/crashes.ts';
export type { EventAnswer } from '../answers/events.ts';
export type { TriedCause } from '../answers/explain/causes.ts';
export type { EventExplanation } from '../answers/explain/event.ts';
export type { Explained } from '../answers/explain/explain.ts';
export type { Explanation, WhyNot } from '../answers/explain/explanation.ts';
export type { ExplainedRow } from '../answers/explain/rows.ts';
export type { ExplainedStep, MissedStep } from '../answers/explain/step.ts';
export type { ExplainedSubject, Standing } from '../answers/explain/subject.ts';
export type { FailureGroup, FailureGroupAnswer, FailuresAnswer, GroupState } from '../answers/failures.ts';
export type { Breakdown, Dimension } from '../answers/filter.ts';
export type { FunnelAnswer } from '../answers/funnel/answer.ts';
export type { MilestoneAnswer, OnboardingAnswer } from '../answers/funnel/onboarding.ts';
export type { QuestionJson } from '../answers/funnel/question-json.ts';
export type { HistogramBucket, Times } from '../answers/funnel/statistics.ts';
export type { StepAnswer } from '../answers/funnel/tally.ts';
export type { IncarnationAnswer } from '../answers/incarnations.ts';
export type { AsOf } from '../answers/source.ts';
export type { StatusAnswer, StreamStatus } from '../answers/status.ts';
export type { OpenWait, StuckAnswer } from '../answers/stuck.ts';
export type { TimelineAnswer } from '../answers/timeline.ts';
export type { CommandCount, UsageAnswer, UsageDay } from '../answers/usage.ts';
export type { Association, Candidate, StepComparison } from '../answers/why/comparison.ts';
export type { WhyAnswer } from '../answers/why/why.ts';
export { type Problem, ProjectorError } from '../errors.ts';
export {
  activity,
  crashes,
  type EventFilters,
  events,
  explain,
  type FunnelStepName,
  failureGroup,
  failures,
  pr,
  type StatusOptions,
  session,
  status,
  stuck,
  usage,
} from './answers.ts';
export type { Filters, Time } from './filters.ts';
export { type FunnelName, funnel } from './funnel.ts';
export { type OpenOptions, open, type Tables } from './tables.ts';
export { why } from './why.ts';
