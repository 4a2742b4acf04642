import type { ActivityAnswer } from '../../projector/answers/activity.ts';
import type { CrashesAnswer } from '../../projector/answers/crashes.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { Explained } from '../../projector/answers/explain/explain.ts';
import type { FailureGroupAnswer, FailuresAnswer } from '../../projector/answers/failures.ts';
import type { FunnelAnswer } from '../../projector/answers/funnel/answer.ts';
import type { ReachedSubject } from '../../projector/answers/funnel/ask.ts';
import type { LintAnswer } from '../../projector/answers/funnel/lint.ts';
import type { OnboardingAnswer } from '../../projector/answers/funnel/onboarding.ts';
import type { Comparison } from '../../projector/answers/funnel/semantics/compare.ts';
import type { GapsAnswer } from '../../projector/answers/gaps.ts';
import type { RejectedAnswer } from '../../projector/answers/rejected/list.ts';
import type { RetryAnswer } from '../../projector/answers/rejected/retry.ts';
import type { ShownRejected } from '../../projector/answers/rejected/show.ts';
import type { StatusAnswer } from '../../projector/answers/status.ts';
import type { StuckAnswer } from '../../projector/answers/stuck.ts';
import type { TimelineAnswer } from '../../projector/answers/timeline.ts';
import type { UsageAnswer } from '../../projector/answers/usage.ts';
import type { LedgerAnswer } from '../../projector/exports/ledger.ts';
import type { PreviewAnswer } from '../../projector/exports/preview.ts';
import type { ExportStatusAnswer } from '../../projector/exports/status.ts';
import type { Verification } from '../../triggers/verify.ts';

/** The shapes of the answers, by the words of the commands. */
export interface Answers {
  status: StatusAnswer;
  funnel: FunnelAnswer | OnboardingAnswer | ReachedSubject;
  'funnel lint': LintAnswer;
  'funnel compare': Comparison;
  failures: FailuresAnswer;
  'failures show': FailureGroupAnswer;
  crashes: CrashesAnswer;
  stuck: StuckAnswer;
  usage: UsageAnswer;
  activity: ActivityAnswer;
  events: EventAnswer;
  session: TimelineAnswer;
  pr: TimelineAnswer;
  explain: Explained;
  gaps: GapsAnswer;
  'rejected list': RejectedAnswer;
  'rejected show': ShownRejected;
  'rejected retry': RetryAnswer;
  'export status': ExportStatusAnswer;
  'export preview': PreviewAnswer;
  'export ledger': LedgerAnswer;
  'triggers verify': Verification;
}
