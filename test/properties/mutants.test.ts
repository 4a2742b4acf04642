import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Pull, Span, State } from '../../projections/state.ts';
import { withFolder } from '../support/temporary.ts';
import type { Outcome, Plan } from './harness.ts';

interface Mutant {
  readonly rule: string;
  readonly module: string;
  /** Takes the rule out of the module. */
  readonly without: (actual: never) => Record<string, unknown>;
  /** Histories in which the rule matters, where it does not in all. */
  readonly plans?: readonly Plan[];
}

const PROJECTIONS = '../../projections';
const DERIVED = '../../projector/store/derived';
const nothing = () => {};

/** Takes one method out of a class of the module. */
const withoutMethod = (
  className: string,
  method: string,
  instead: (original: (...args: never[]) => unknown) => unknown,
) => {
  return (actual: Record<string, { prototype: Record<string, (...args: never[]) => unknown> }>) => {
    const { prototype } = actual[className]!;
    Object.assign(prototype, { [method]: instead(prototype[method]!) });
    return actual;
  };
};

type Fold = (state: State, fact: { readonly session?: string | null }) => void;

/** Lets something happen after each call of a function of the module. */
const after = (name: string, then: Fold) => (actual: Record<string, Fold>) => ({
  ...actual,
  [name]: (state: State, fact: Parameters<Fold>[1]) => {
    actual[name]!(state, fact);
    then(state, fact);
  },
});

/** Forgets the rows just before that a function of the module remembers. */
const forgets = (name: string, rows: 'panics' | 'internal') =>
  after(name, ({ progress: { failures } }) => {
    failures[rows] = [];
  });

/** Histories that are looked at after every transaction: what is taken back later is always seen first. */
const PLANS: readonly Plan[] = Array.from({ length: 24 }, (_, index) => ({
  seed: 100 + index,
  version: index % 4 === 3 ? 82 : 19,
  steps: 160,
  looks: 1,
  restarts: 0,
  upgrades: [],
}));

/** Short ones: a clock that fell shows only until later rows carry it on. */
const SHORT = Array.from({ length: 150 }, (_, index): Plan => ({ ...PLANS[0]!, seed: index + 1, steps: 40 }));

const WITH_TRIGGERS = PLANS.map((plan): Plan => {
  return { ...plan, triggers: { 0: 'install', 40: 'drop', 60: 'install', 90: 'uninstall', 110: 'install' } };
});

const MUTANTS: readonly Mutant[] = [
  {
    rule: 'a subject of which an event changed is read anew',
    module: `${DERIVED}/packed.ts`,
    without: withoutMethod('Packing', 'touch', () => nothing),
  },
  {
    rule: 'a creation row that is gone is looked for',
    module: '../../projector/host/change-log.ts',
    without: withoutMethod('ChangeLog', 'gone', () => () => []),
  },
  {
    rule: 'an incarnation that vanished takes its events with it',
    module: `${PROJECTIONS}/sessions.ts`,
    without: (actual: object) => ({ ...actual, retractSession: nothing }),
  },
  {
    rule: 'rows that vanished no longer follow an end',
    module: `${PROJECTIONS}/ends.ts`,
    without: (actual: object) => ({ ...actual, unfollow: nothing }),
  },
  {
    rule: 'a daemon start that is journaled late marks the ends that it explains',
    module: `${PROJECTIONS}/causes.ts`,
    without: (actual: object) => ({ ...actual, markAroundStart: nothing }),
  },
  {
    rule: 'a failed spawn that is journaled late marks the ends that it explains',
    module: `${PROJECTIONS}/failed-spawns.ts`,
    without: (actual: object) => ({ ...actual, markAroundSpawnFailure: nothing }),
  },
  {
    rule: 'a hook that is journaled late marks the ends that it explains',
    module: `${PROJECTIONS}/causes.ts`,
    without: (actual: object) => ({ ...actual, markAroundHook: nothing }),
  },
  {
    rule: 'an observation that did not hold is taken back',
    module: `${DERIVED}/event-table.ts`,
    without: withoutMethod('EventTable', 'drop', () => nothing),
  },
  {
    rule: 'what was withheld of a session is shown once its launch is known',
    module: `${PROJECTIONS}/lives.ts`,
    plans: WITH_TRIGGERS,
    without: ({ lived, ...others }: { lived: (state: { dirtySessions: Set<number> }, fact: object) => void }) => ({
      ...others,
      lived: (state: { dirtySessions: Set<number> }, fact: object) => {
        const dirty = [...state.dirtySessions];
        lived(state, fact);
        for (const born of state.dirtySessions) if (!dirty.includes(born)) state.dirtySessions.delete(born);
      },
    }),
  },
  {
    rule: 'what began shortly before our triggers went is not covered any more',
    module: `${PROJECTIONS}/lives.ts`,
    plans: WITH_TRIGGERS,
    without: (actual: object) => ({
      ...actual,
      triggersWent: (state: { marks: { addLoss: (fact: object) => void } }, fact: object) => state.marks.addLoss(fact),
    }),
  },
  {
    rule: 'a spawn that failed late was never spawned',
    module: `${PROJECTIONS}/failed-spawns.ts`,
    without: (actual: object) => ({ ...actual, lateFailure: () => undefined }),
  },
  {
    rule: 'the server error of a panic is not told beside it',
    module: `${PROJECTIONS}/failures.ts`,
    without: forgets('panicked', 'panics'),
  },
  {
    rule: 'the server error of a spawn that failed inside the daemon is not told beside it',
    module: `${PROJECTIONS}/failures.ts`,
    without: forgets('spawnFailed', 'internal'),
  },
  {
    rule: 'mistakes are told as repeated once, until there is quiet',
    module: `${PROJECTIONS}/failures.ts`,
    without: after('usageError', ({ progress: { failures } }) => {
      for (const command of Object.values(failures.usage)) command.told = false;
    }),
  },
  {
    rule: 'the clock falls when a row vanishes',
    module: `${PROJECTIONS}/span.ts`,
    plans: SHORT,
    without: ({ changeSpan, ...others }: { changeSpan: (state: State) => Span }) => {
      const newest = new Map<State, number | null>();
      const neverFalls = (state: State) => {
        const span = changeSpan(state);
        newest.set(state, Math.max(span.newest ?? 0, newest.get(state) ?? 0) || null);
        return { ...span, newest: newest.get(state)! };
      };
      return { ...others, changeSpan: neverFalls };
    },
  },
  {
    rule: 'what the clock says is settled for good only where no row can take it back',
    module: `${PROJECTIONS}/time-rules.ts`,
    without: after('settleSpans', ({ sessions }) => {
      for (const session of sessions.open()) if (session.stuck || session.silent) session.open = false;
    }),
  },
  {
    rule: 'a wait that has ended is measured by its end',
    module: `${PROJECTIONS}/time-rules.ts`,
    without: (actual: object) => ({ ...actual, tellStuck: nothing }),
  },
  {
    rule: 'an end within ten minutes cancels the silence after a creation',
    module: `${PROJECTIONS}/sessions.ts`,
    without: after('sessionUpdated', ({ sessions }, { session }) => {
      const ended = sessions.current(session ?? '');
      if (ended) ended.firstEndAt = null;
    }),
  },
  {
    rule: 'CI that fails for the third time without a pass is told',
    module: `${PROJECTIONS}/observations.ts`,
    without: (actual: object) => ({ ...actual, repeatedFailure: () => [] }),
  },
  {
    rule: 'CI that passed begins to count anew',
    module: `${PROJECTIONS}/observations.ts`,
    without: ({ failuresAfter, ...others }: { failuresAfter: (pull: Pull) => number }) => ({
      ...others,
      failuresAfter: (pull: Pull) => Math.max(pull.failures, failuresAfter(pull)),
    }),
  },
  {
    rule: 'gaps are told anew when rows vanish',
    module: `${DERIVED}/derived-file.ts`,
    without: withoutMethod('DerivedFile', 'foldVanished', (original) => {
      return function keepGaps(this: { change: { lastSeq: number } }, vanished: object) {
        const { lastSeq } = this.change;
        const kept = { ...vanished, gapsAfter: Number.MAX_SAFE_INTEGER, gaps: [], lastSeq };
        (original as (...args: unknown[]) => unknown).call(this, kept);
      };
    }),
  },
];

/** Whether some history tells live from a rebuild, or either from the oracle, with the modules as they are loaded now. */
function isFound(plans: readonly Plan[]): boolean {
  let found = false;
  jest.isolateModules(() => {
    const { liveAgainstRebuild } = require('./harness.ts') as typeof import('./harness.ts');
    const { agreesWithOracle } =
      require('../support/agrees-with-oracle.ts') as typeof import('../support/agrees-with-oracle.ts');
    const inspect = (outcome: Outcome) => {
      const isOracles = plans === PLANS && !outcome.pruned;
      found ||= outcome.differences.length > 0 || (isOracles && !agreesWithOracle(outcome));
    };
    for (const plan of plans) {
      withFolder((folder) => liveAgainstRebuild(folder, plan, inspect));
      if (found) return;
    }
  });
  return found;
}

test('with every rule on, it holds', () => {
  expect(isFound(PLANS)).toBe(false);
  expect(isFound(WITH_TRIGGERS)).toBe(false);
  expect(isFound(SHORT)).toBe(false);
});

describe('the property fails when a rule is switched off:', () => {
  let mocked = '';
  afterEach(() => {
    jest.dontMock(mocked);
    jest.resetModules();
  });

  test.each(MUTANTS)('$rule', ({ module, without, plans = PLANS }) => {
    mocked = module;
    jest.doMock(module, () => without(jest.requireActual(module) as never));
    expect(isFound(plans)).toBe(true);
  });
});
