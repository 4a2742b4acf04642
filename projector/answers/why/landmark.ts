import type { ToldAttempt } from '../funnel/asked.ts';
import type { Plan } from '../funnel/plan.ts';
import type { ScannedEvent } from '../funnel/question.ts';
import { times } from '../funnel/statistics.ts';

/** An attempt with the key of its subject. */
export interface Went {
  readonly key: number;
  readonly attempt: ToldAttempt;
}

/** A step, and the required one after it, by which those who stopped are told from those who went on; both by index. */
export interface Step {
  readonly planned: Plan;
  readonly index: number;
  readonly next: number;
}

/** An attempt that stood at the step when the horizon was over. */
export interface Standing {
  readonly key: number;
  /** The event that reached the step. */
  readonly from: ScannedEvent;
  readonly wentOn: boolean;
}

export interface Landmark {
  /** Of all attempts that reached the step, as the funnel counts them. */
  readonly stopped: number;
  readonly wentOn: number;
  readonly open: number;
  /** For so long after the step is looked at what befell them, at most; null where nobody went on. */
  readonly horizonMs: number | null;
  /** Those who are compared. */
  readonly standing: readonly Standing[];
}

/**
 * Those who had not gone on from a step when a time after it was over, whether they did later or stopped: a landmark analysis
 * (Anderson, Cain, Gelber, Journal of Clinical Oncology 1, 1983). Who stays longer has more befall him; of these is known what befell
 * each in one and the same time. That is the median time of those who went on, so it does not depend on what befell anybody.
 *
 * Attempts that still had time at `now` are left out on both sides: that they went on is known earlier than that they stopped, so
 * those who went on would be the more recent ones. Attempts of one subject, and PRs of one session, share what befalls them and mostly
 * how they end, so of these the first one counts.
 *
 * @param groupOf what those share who count as one
 */
export function landmark(step: Step, all: readonly Went[], groupOf: (one: Standing) => number | null): Landmark {
  const { index, next, planned } = step;
  const { now } = planned.question;
  const reached = all.filter(({ attempt }) => attempt.reached[index]);
  const wentOn = reached.filter(({ attempt }) => attempt.reached[next]);
  const open = reached.filter(({ attempt }) => !attempt.reached[next] && attempt.open);
  const settled = reached.filter(({ attempt }) => isTimeOver(step, attempt));
  const horizonMs = times(settled.flatMap(({ attempt }) => timeToNext(step, attempt) ?? [])).median_ms;
  const standing = new Map<number | null, Standing>();
  for (const { key, attempt } of settled) {
    const from = attempt.reached[index]!;
    const took = timeToNext(step, attempt);
    if (horizonMs === null || from.at + horizonMs > now || (took !== null && took < horizonMs)) continue;
    const one = { key, from, wentOn: took !== null };
    const group = groupOf(one);
    if (!standing.has(group)) standing.set(group, one);
  }
  return {
    stopped: reached.length - wentOn.length - open.length,
    wentOn: wentOn.length,
    open: open.length,
    horizonMs,
    standing: [...standing.values()],
  };
}

/** Whether the time is over in which an attempt that reached the step might have gone on, whatever it did with it. */
function isTimeOver({ planned: { question, before }, index, next }: Step, { entry, reached }: ToldAttempt): boolean {
  const { now, windowMs, steps } = question;
  if (now - entry.at > windowMs) return true;
  const { gapMs } = steps[next]!;
  return gapMs !== null && now - reached[steps[index]!.optional ? before[index]! : index]!.at > gapMs;
}

/** How long it took from the step to the next one, in milliseconds; null where that was not reached. */
function timeToNext({ index, next }: Step, { reached }: ToldAttempt): number | null {
  const to = reached[next];
  return to ? Math.max(0, to.at - reached[index]!.at) : null;
}
