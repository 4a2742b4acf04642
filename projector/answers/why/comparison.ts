import type { SubjectKind } from '../../../projections/vocabulary.ts';
import { type Counts, fisherExact } from './fisher.ts';
import type { Landmark } from './landmark.ts';
import { liftOf } from './lift.ts';
import type { Stay } from './stays.ts';
import type { Trouble } from './trouble.ts';
import type { Watched } from './watch.ts';

/** So many must be compared on each side, and so many of both must have something, and must not, for anything to be said of it. */
export const LEAST_ON_A_SIDE = 10;
export const LEAST_WITH = 5;

/** To claim falsely that anything goes together is allowed in so many of 100 answers. */
const CHANCE = 0.05;

/** A failure or a wait, and how many of those that are compared had it. */
export interface Candidate extends Counts {
  readonly what: string;
  /** Whom it befalls: a session, a PR, a whole project, or with `install` and `command` everybody. */
  readonly subject_kind: SubjectKind;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Association extends Candidate {
  /** How many times as often those who stopped had it; null where none of those who went on did. */
  readonly lift: number | null;
  /** The 95 % interval of the lift; null for no bound. */
  readonly interval: readonly [low: number, high: number | null];
  /** Of Fisher's exact test. */
  readonly p: number;
  /** The same, corrected by Holm for all that the answer tests. */
  readonly p_holm: number;
}

/** What those who stopped and those who went on had, within one time from the step on. */
export interface StepComparison {
  /** Those who reached the step, as the funnel counts them. */
  readonly stopped: number;
  readonly went_on: number;
  readonly open: number;
  /** How long each is watched at most, from the step on; null where nobody went on whose time is over. */
  readonly horizon_ms: number | null;
  /** Those of them who are compared. */
  readonly compared: { readonly stopped: number; readonly went_on: number };
  /** What those who stopped had more often than chance would have it, the least likely first. */
  readonly goes_together: readonly Association[];
  /** What may be chance, or was had less often. */
  readonly not_claimed: readonly Association[];
  /** What too few had, or too few were compared, to say anything. */
  readonly too_few: readonly Candidate[];
}

/** A comparison before it is known how much else is tested. */
export interface Counted {
  readonly landmark: Landmark;
  readonly compared: StepComparison['compared'];
  readonly tested: readonly { readonly candidate: Candidate; readonly p: number }[];
  readonly tooFew: readonly Candidate[];
}

/** Counts, on both sides, who had what. */
export function count(
  landmark: Landmark,
  watched: readonly Watched[],
  troubles: readonly Trouble[],
  staysOf: (one: Watched) => readonly Stay[],
): Counted {
  const compared = { stopped: 0, went_on: 0 };
  const having = troubles.map(() => ({ stopped: 0, went_on: 0 }));
  for (const one of watched) {
    const side = one.wentOn ? 'went_on' : 'stopped';
    compared[side] += 1;
    const stays = staysOf(one);
    troubles.forEach((trouble, index) => {
      const had = stays.some(({ whose, from, before }) => trouble.befell(whose, from, before, one.from.id));
      if (had) having[index]![side] += 1;
    });
  }
  const candidates = troubles.map(({ definition, dimensions }, index): Candidate => {
    const { stopped, went_on } = having[index]!;
    return {
      ...{ what: definition.name, subject_kind: definition.subjectKind, dimensions },
      stopped: { with: stopped, of: compared.stopped },
      went_on: { with: went_on, of: compared.went_on },
    };
  });
  const had = candidates.filter(({ stopped, went_on }) => stopped.with + went_on.with > 0);
  return {
    landmark,
    compared,
    tested: had.filter(isEnough).map((candidate) => ({ candidate, p: fisherExact(candidate) })),
    tooFew: had.filter((candidate) => !isEnough(candidate)),
  };
}

/** Told by the sums of both sides alone, on which the test depends in any case: so that what is left out cannot favour what is found. */
function isEnough({ stopped, went_on }: Counts): boolean {
  const having = stopped.with + went_on.with;
  const without = stopped.of + went_on.of - having;
  return Math.min(stopped.of, went_on.of) >= LEAST_ON_A_SIDE && Math.min(having, without) >= LEAST_WITH;
}

/** @param corrected the probability of each that was tested, corrected for all that the answer tests */
export function told(
  { landmark, compared, tested, tooFew }: Counted,
  corrected: ReadonlyMap<Candidate, number>,
): StepComparison {
  const { stopped, wentOn, open, horizonMs } = landmark;
  const associations = tested
    .map(({ candidate, p }) => ({ ...candidate, ...withoutInfinity(candidate), p, p_holm: corrected.get(candidate)! }))
    .sort((a, b) => a.p - b.p);
  const isClaimed = ({ lift, p_holm }: Association) => p_holm <= CHANCE && (lift === null || lift > 1);
  return {
    ...{ stopped, went_on: wentOn, open, horizon_ms: horizonMs },
    compared,
    goes_together: associations.filter(isClaimed),
    not_claimed: associations.filter((one) => !isClaimed(one)),
    too_few: tooFew,
  };
}

/** JSON has no infinity. */
function withoutInfinity(counts: Counts): Pick<Association, 'lift' | 'interval'> {
  const {
    lift,
    interval: [low, high],
  } = liftOf(counts);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return { lift: finite(lift), interval: [low, finite(high)] };
}
