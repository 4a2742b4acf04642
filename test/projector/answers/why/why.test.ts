import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../../fixtures/random.ts';
import { EVENTS } from '../../../../projections/vocabulary.ts';
import type { QuestionJson } from '../../../../projector/answers/funnel/question-json.ts';
import type { Association, Candidate, StepComparison } from '../../../../projector/answers/why/comparison.ts';
import { AFTER, asking, BEGIN, DAY, History, HOUR, MINUTE, SECOND } from './history.ts';

const OBSERVED: QuestionJson = {
  steps: [{ events: ['ao.session.spawned'] }, { events: ['ao.pr.observed'] }],
  window_ms: 30 * DAY,
};
const MERGED: QuestionJson = {
  steps: [{ events: ['ao.pr.observed'] }, { events: ['ao.pr.merged'] }],
  window_ms: 30 * DAY,
};

/** `spawn.failed NO_BINARY: 3 of 10, 1 of 12` */
const line = ({ what, dimensions, stopped, went_on }: Candidate) => {
  const sides = [stopped, went_on].map((side) => `${side.with} of ${side.of}`).join(', ');
  return `${[what.replace('ao.', ''), ...Object.values(dimensions)].join(' ')}: ${sides}`;
};
const claimed = ({ goes_together }: StepComparison) => goes_together.map(line);
const seen = ({ goes_together, not_claimed, too_few }: StepComparison) =>
  [...goes_together, ...not_claimed, ...too_few].map(line).sort();

/** Sessions, an hour apart; each goes on after the hours that `goes` tells, or stops where that is null. */
function sessions(
  count: number,
  goes: (index: number) => number | null,
  befall: (history: History, session: number, at: number, index: number) => void,
) {
  const history = new History();
  for (let index = 0; index < count; index++) {
    const at = BEGIN + index * HOUR;
    const session = history.session(at);
    befall(history, session, at, index);
    const hours = goes(index);
    if (hours !== null) history.pull(session, at + hours * HOUR);
  }
  return history;
}

describe('a failure that makes sessions stop', () => {
  // 20 stop and 40 go on, of these half after an hour and half after two: all of them are watched for one and a half.
  const stops = (index: number) => index % 3 === 0;
  const goes = (index: number) => (stops(index) ? null : 1 + (index % 2));
  const planted = sessions(60, goes, (history, session, at, index) => {
    if (stops(index) ? index < 48 : index < 12) history.of(session, EVENTS.stuckWaiting, at + 40 * MINUTE);
    if (index % 5 === 0) history.of(session, EVENTS.noSignal, at + 10 * MINUTE);
  });

  test('is found, with the counts of both sides, and what has nothing to do with it is not', () => {
    const answer = asking((why) => why(planted, OBSERVED, '1'));
    expect(answer).toMatchObject({ step: 1, next_step: 2, now: AFTER, stopped: 20, went_on: 40, open: 0 });
    expect(answer).toMatchObject({ horizon_ms: 1.5 * HOUR, compared: { stopped: 20, went_on: 20 } });
    expect(claimed(answer)).toEqual(['session.stuck_waiting: 16 of 20, 4 of 20']);
    expect(answer.not_claimed.map(line)).toEqual(['session.no_signal: 4 of 20, 4 of 20']);
    expect(answer.too_few).toEqual([]);
  });

  test('has a lift with its interval, and a probability alone and among all that is tested', () => {
    const [found] = asking((why) => why(planted, OBSERVED, '1')).goes_together as [Association];
    expect(found).toMatchObject({ subject_kind: 'session', dimensions: {}, lift: 4 });
    // 16 : 4 and whatever is further off, of C(40, 20) ways: 2 · Σ C(20, k)², k from 16 to 20.
    const ways = [4_845, 1_140, 190, 20, 1].reduce((sum, one) => sum + one * one, 0);
    expect(found.p).toBeCloseTo((2 * ways) / 137_846_528_820, 12);
    expect(found.p_holm).toBeCloseTo(2 * found.p, 12);
    expect(found.interval[0]).toBeGreaterThan(1.5);
    expect(found.interval[1]).toBeLessThan(12);
  });

  test('what those who stopped had less often is not claimed', () => {
    const history = sessions(60, goes, (all, session, at, index) => {
      if (!stops(index)) all.of(session, EVENTS.noSignal, at + 10 * MINUTE);
    });
    const { goes_together, not_claimed } = asking((why) => why(history, OBSERVED, '1'));
    expect(goes_together).toEqual([]);
    expect(not_claimed).toMatchObject([{ lift: 0, interval: [0, expect.any(Number)] }]);
    expect(not_claimed[0]!.p_holm).toBeLessThan(1e-6);
  });

  test('is found in the project, where that is who it befell', () => {
    const history = new History();
    for (let index = 0; index < 60; index++) {
      const at = BEGIN + index * DAY;
      const project = 1 + (index % 2);
      const session = history.session(at, { project });
      if (stops(index)) history.ofProject(project, EVENTS.spawnFailed, at + SECOND, { error_code: 'NO_BINARY' });
      // Another project's failures are none of its own.
      history.ofProject(3 - project, EVENTS.spawnFailed, at + SECOND, { error_code: 'NO_BRANCH' });
      if (!stops(index)) history.pull(session, at + HOUR);
    }
    const answer = asking((why) => why(history, OBSERVED, 'session.spawned'));
    expect(seen(answer)).toEqual(['spawn.failed NO_BINARY: 20 of 20, 0 of 40', 'spawn.failed: 20 of 20, 0 of 40']);
    expect(answer.goes_together).toMatchObject([
      { subject_kind: 'project', dimensions: {}, lift: null, interval: [expect.any(Number), null] },
      { subject_kind: 'project', dimensions: { error_code: 'NO_BINARY' }, lift: null },
    ]);
    expect(answer.goes_together[0]!.interval[0]).toBeGreaterThan(5);
  });

  test('is found where it befell the whole install', () => {
    const history = sessions(60, goes, (all, _, at, index) => {
      if (stops(index)) all.ofInstall(EVENTS.daemonPanic, at + MINUTE);
    });
    expect(claimed(asking((why) => why(history, OBSERVED, '1')))).toHaveLength(1);
  });
});

/** Times after the beginning at which something comes by chance, so often a day, for so long. */
function byChance(random: Random, perDay: number, span: number): number[] {
  const times: number[] = [];
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random.unit()) * DAY) / perDay;
    if (at >= span) return times;
    times.push(at);
  }
}

/** Whatever befalls sessions does so by chance, whether they stop or go on, and however long they stay. */
function withoutAnything(seed: number): History {
  const random = new Random(seed);
  const history = new History();
  const begins = Array.from({ length: 80 }, () => BEGIN + random.unit() * 90 * DAY).sort((a, b) => a - b);
  for (const at of begins) {
    const session = history.session(at, { project: random.between(1, 4) });
    const goesOn = random.chance(0.65);
    const took = random.scale(10 * MINUTE, 2 * DAY);
    // Who stops may linger for a month, or end within minutes.
    const lives = goesOn ? took + random.scale(MINUTE, DAY) : random.scale(5 * MINUTE, 30 * DAY);
    const events = [
      ...byChance(random, 6, lives).map((after) => ({ after, definition: EVENTS.waitingEntered })),
      ...byChance(random, 3, lives).map((after) => ({ after, definition: EVENTS.stuckWaiting })),
      ...(random.chance(0.3) && lives > 10 * MINUTE ? [{ after: 10 * MINUTE, definition: EVENTS.noSignal }] : []),
      ...(goesOn ? [{ after: took, definition: EVENTS.prObserved }] : []),
      { after: lives, definition: EVENTS.killed },
    ].sort((a, b) => a.after - b.after);
    for (const { after, definition } of events) {
      if (definition === EVENTS.prObserved) history.pull(session, at + after);
      else history.of(session, definition, at + after);
    }
  }
  for (const project of [1, 2, 3, 4]) {
    for (const after of byChance(random, 3, 120 * DAY)) {
      const error_code = random.pick(['NO_BINARY', 'NO_BRANCH', 'NO_RUNTIME']);
      history.ofProject(project, EVENTS.spawnFailed, BEGIN + after, { error_code });
    }
  }
  for (const after of byChance(random, 2, 120 * DAY)) history.ofInstall(EVENTS.daemonPanic, BEGIN + after);
  for (const after of byChance(random, 3, 120 * DAY)) history.ofInstall(EVENTS.exit2, BEGIN + after);
  return history;
}

test('where nothing goes together, at least 95 of 100 histories claim nothing', () => {
  const answers = asking((why) => Array.from({ length: 100 }, (_, seed) => why(withoutAnything(seed), OBSERVED, '1')));
  expect(answers.filter(({ goes_together }) => goes_together.length > 0).length).toBeLessThanOrEqual(5);
  // Much is tested, so that something would be claimed if it were not for the correction.
  const tested = answers.flatMap(({ not_claimed }) => not_claimed);
  expect(tested.length).toBeGreaterThan(500);
  expect(tested.filter(({ p }) => p <= 0.05).length).toBeGreaterThan(5);
});

describe('both sides are watched for the same time', () => {
  const waits = (random: Random, span: number) =>
    byChance(random, 8, span).map((after) => ({ after, definition: EVENTS.waitingEntered }));

  test('so those who merely stayed longer have no more of anything', () => {
    const random = new Random(7);
    const history = sessions(
      300,
      (index) => (index % 3 === 0 ? null : 1 + (index % 5)),
      (all, session, at, index) => {
        const span = index % 3 === 0 ? 20 * DAY : (1 + (index % 5)) * HOUR;
        for (const { after, definition } of waits(random, span)) all.of(session, definition, at + after);
      },
    );
    const answer = asking((why) => why(history, OBSERVED, '1'));
    expect(claimed(answer)).toEqual([]);
    const [{ lift }] = answer.not_claimed as [Association];
    expect(lift).toBeGreaterThan(0.8);
    expect(lift).toBeLessThan(1.25);
  });

  test('nor have those who ended sooner less', () => {
    const random = new Random(8);
    const history = sessions(
      300,
      (index) => (index % 3 === 0 ? null : 4 + (index % 5)),
      (all, session, at, index) => {
        const span = (index % 3 === 0 ? 1 : 4) * HOUR;
        for (const { after, definition } of waits(random, span)) all.of(session, definition, at + after);
        if (index % 3 === 0) all.of(session, EVENTS.killed, at + span);
      },
    );
    const answer = asking((why) => why(history, OBSERVED, '1'));
    expect(answer.horizon_ms).toBe(6 * HOUR);
    expect(claimed(answer)).toEqual([]);
    const [{ lift }] = answer.not_claimed as [Association];
    expect(lift).toBeGreaterThan(0.7);
    expect(lift).toBeLessThan(1.4);
  });

  test('what comes at the very end of a session still counts, and what comes after its restore, too', () => {
    const history = sessions(
      60,
      (index) => (index % 3 === 0 ? null : 2),
      (all, session, at, index) => {
        if (index % 3 !== 0) return;
        all.of(session, EVENTS.killed, at + HOUR, { end_cause: 'found_dead_at_start' });
        all.of(session, EVENTS.terminatedUnexpected, at + HOUR, { end_cause: 'found_dead_at_start' });
        if (index % 2 === 0) all.of(session, EVENTS.restored, at + HOUR + MINUTE, { how: 'daemon' });
        all.of(session, EVENTS.noSignal, at + HOUR + 2 * MINUTE);
      },
    );
    expect(claimed(asking((why) => why(history, OBSERVED, '1')))).toEqual([
      'lifecycle.session_terminated_unexpected found_dead_at_start: 20 of 20, 0 of 40',
      'session.no_signal: 10 of 20, 0 of 40',
    ]);
  });

  test('from the step on, neither before it nor after the horizon', () => {
    const history = sessions(
      60,
      (index) => (index % 3 === 0 ? null : 2),
      (all, session, at, index) => {
        if (index % 3 !== 0) return;
        all.of(session, EVENTS.waitingEntered, at - 1);
        all.of(session, EVENTS.noSignal, at + 2 * HOUR - 1);
        all.of(session, EVENTS.stuckWaiting, at + 2 * HOUR);
      },
    );
    expect(seen(asking((why) => why(history, OBSERVED, '1')))).toEqual(['session.no_signal: 20 of 20, 0 of 40']);
  });

  test('the event that made the step is none that befell anybody after it', () => {
    const WAITED: QuestionJson = {
      steps: [{ events: ['ao.session.waiting_input_entered'] }, { events: ['ao.session.waiting_input_exited'] }],
      window_ms: DAY,
    };
    const history = sessions(
      60,
      () => null,
      (all, session, at, index) => {
        all.of(session, EVENTS.waitingEntered, at);
        if (index % 3 === 0) all.of(session, EVENTS.waitingEntered, at);
        else all.of(session, EVENTS.waitingExited, at + MINUTE);
      },
    );
    expect(seen(asking((why) => why(history, WAITED, '1')))).toEqual([
      'session.waiting_input_entered: 20 of 20, 0 of 40',
    ]);
  });
});

describe('who is compared', () => {
  test('the whole step is told as the funnel tells it: those who stopped, who went on, and who may still do so', () => {
    const history = sessions(
      50,
      (index) => (index % 2 === 0 ? null : 3),
      () => {},
    );
    const now = BEGIN + 30 * DAY + 20 * HOUR;
    expect(asking((why) => why(history, OBSERVED, '1', now))).toMatchObject({ stopped: 10, went_on: 25, open: 15 });
  });

  test('those who had time left are left out on both sides, so that what became rarer goes together with nothing', () => {
    // Every session of the first 40 days had a failure, and none of those after; a third stop at any time.
    const history = new History();
    for (let day = 0; day < 80; day++) {
      const at = BEGIN + day * DAY;
      const session = history.session(at);
      if (day < 40) history.of(session, EVENTS.noSignal, at + 10 * MINUTE);
      if (day % 3 !== 0) history.pull(session, at + HOUR);
    }
    const answer = asking((why) => why(history, OBSERVED, '1', BEGIN + 80 * DAY));
    expect(answer).toMatchObject({ stopped: 17, went_on: 53, open: 10, compared: { stopped: 17, went_on: 33 } });
    expect(seen(answer)).toEqual(['session.no_signal: 14 of 17, 26 of 33']);
    expect(claimed(answer)).toEqual([]);
  });

  test('a gap ends the time as well as the window does', () => {
    const gap: QuestionJson = { ...OBSERVED, steps: [OBSERVED.steps[0]!, { ...OBSERVED.steps[1]!, gap_ms: DAY }] };
    const history = sessions(
      20,
      (index) => (index % 2 === 0 ? null : 3),
      () => {},
    );
    const at = (now: number) => asking((why) => why(history, gap, '1', now)).compared;
    expect(at(BEGIN + DAY)).toEqual({ stopped: 0, went_on: 0 });
    expect(at(BEGIN + DAY + 20 * HOUR)).toEqual({ stopped: 10, went_on: 10 });
  });

  test('from an optional step the gap counts from the required one before it', () => {
    const optional = { events: ['ao.session.first_signal'], optional: true };
    const gap: QuestionJson = {
      ...OBSERVED,
      steps: [OBSERVED.steps[0]!, optional, { ...OBSERVED.steps[1]!, gap_ms: DAY }],
    };
    const history = sessions(
      2,
      (index) => (index === 0 ? null : 21),
      (all, session, at) => {
        all.of(session, EVENTS.firstSignal, at + 20 * HOUR);
      },
    );
    expect(asking((why) => why(history, gap, '2', BEGIN + 26 * HOUR)).compared).toEqual({ stopped: 1, went_on: 1 });
  });

  test('those for whom the horizon is not over at that moment are left out', () => {
    const three: QuestionJson = { ...OBSERVED, steps: [...OBSERVED.steps, { events: ['ao.pr.merged'] }] };
    const history = new History();
    for (const day of [1, 2, 29]) history.pull(history.session(BEGIN), BEGIN + day * DAY);
    const pull = history.pull(history.session(BEGIN), BEGIN);
    history.ofPull(pull, EVENTS.merged, BEGIN + 5 * DAY);
    asking((why) => {
      expect(why(history, three, '2', BEGIN + 31 * DAY)).toMatchObject({
        stopped: 3,
        compared: { stopped: 2, went_on: 1 },
      });
      expect(why(history, three, '2', BEGIN + 34 * DAY)).toMatchObject({
        stopped: 3,
        compared: { stopped: 3, went_on: 1 },
      });
    });
  });

  test('those who went on sooner than the others are left out', () => {
    const history = sessions(
      40,
      (index) => [null, 1, 2, 3][index % 4]!,
      () => {},
    );
    expect(asking((why) => why(history, OBSERVED, '1'))).toMatchObject({
      horizon_ms: 2 * HOUR,
      compared: { stopped: 10, went_on: 20 },
    });
  });

  test('one attempt of a subject counts, and one PR of a session', () => {
    const history = new History();
    for (let index = 0; index < 30; index++) {
      const at = BEGIN + index * DAY;
      const session = history.session(at);
      for (const pull of [0, 1, 2].map((hour) => history.pull(session, at + hour * HOUR))) {
        if (index % 2 === 0) history.ofPull(pull, EVENTS.merged, at + 9 * HOUR);
      }
      for (const hour of [10, 11]) history.of(session, EVENTS.waitingEntered, at + hour * HOUR);
    }
    const WAITS: QuestionJson = {
      steps: [{ events: ['ao.session.waiting_input_entered'] }, { events: ['ao.session.waiting_input_entered'] }],
      entry: 'every',
    };
    asking((why) => {
      const pulls = why(history, MERGED, '1');
      expect(pulls).toMatchObject({ stopped: 45, went_on: 45, horizon_ms: 8 * HOUR });
      expect(pulls.compared).toEqual({ stopped: 15, went_on: 15 });
      expect(why(history, WAITS, '1').compared).toEqual({ stopped: 0, went_on: 30 });
    });
  });
});

describe('of a PR', () => {
  const goes = (index: number) => index % 3 !== 0;

  test('its own failures, and those of whichever session owned it then', () => {
    const history = new History();
    for (let index = 0; index < 60; index++) {
      const at = BEGIN + index * DAY;
      const [first, second] = [history.session(at), history.session(at)];
      const pull = history.pull(first, at + HOUR);
      // Before it is given away, the second session's are none of its own; after that, the first one's.
      if (goes(index)) history.of(second, EVENTS.noSignal, at + 2 * HOUR);
      else history.of(first, EVENTS.noSignal, at + 2 * HOUR);
      history.claim(pull, second, at + 3 * HOUR);
      if (goes(index)) history.of(first, EVENTS.stuckWaiting, at + 4 * HOUR);
      else {
        history.of(second, EVENTS.stuckWaiting, at + 4 * HOUR);
        history.ofPull(pull, EVENTS.ciRepeatedFailure, at + 5 * HOUR);
      }
      if (goes(index)) history.ofPull(pull, EVENTS.merged, at + 9 * HOUR);
    }
    const answer = asking((why) =>
      why(
        history,
        { ...MERGED, steps: [{ events: ['ao.pr.observed'], where: { how: 'found' } }, MERGED.steps[1]!] },
        '1',
      ),
    );
    expect(answer.question).toMatchObject({ subject: 'pr' });
    expect(claimed(answer).sort()).toEqual([
      'ci.repeated_failure: 20 of 20, 0 of 40',
      'session.no_signal: 20 of 20, 0 of 40',
      'session.stuck_waiting: 20 of 20, 0 of 40',
    ]);
  });

  test('what comes after it was closed is nothing that befell it', () => {
    const history = new History();
    for (let index = 0; index < 60; index++) {
      const at = BEGIN + index * DAY;
      const session = history.session(at);
      const pull = history.pull(session, at);
      if (goes(index)) history.ofPull(pull, EVENTS.merged, at + 9 * HOUR);
      else history.ofPull(pull, EVENTS.closedUnmerged, at + HOUR);
      history.of(session, EVENTS.noSignal, at + 2 * HOUR);
    }
    // Each of those who went on is watched beside one who was closed.
    expect(seen(asking((why) => why(history, MERGED, '1')))).toEqual([]);
  });
});

describe('too few', () => {
  const few = (count: number, having: number) => {
    const stop = (index: number) => index % 2 === 0;
    return sessions(
      2 * count,
      (index) => (stop(index) ? null : 1),
      (all, session, at, index) => {
        if (stop(index) && index < 2 * having) all.of(session, EVENTS.noSignal, at + MINUTE);
      },
    );
  };

  test.each([
    [9, 9, [], ['session.no_signal: 9 of 9, 0 of 9']],
    [10, 10, ['session.no_signal: 10 of 10, 0 of 10'], []],
    [10, 4, [], ['session.no_signal: 4 of 10, 0 of 10']],
    [10, 5, ['session.no_signal: 5 of 10, 0 of 10'], []],
  ])('%d on each side, of whom %d have it', (count, having, together, lacking) => {
    const answer = asking((why) => why(few(count, having), OBSERVED, '1'));
    expect(claimed(answer)).toEqual(together);
    expect(answer.too_few.map(line)).toEqual(lacking);
  });

  test('so much that hardly anybody lacks it', () => {
    const history = sessions(
      40,
      (index) => (index % 2 === 0 ? null : 1),
      (all, session, at, index) => {
        if (index > 3) all.of(session, EVENTS.noSignal, at + MINUTE);
      },
    );
    expect(asking((why) => why(history, OBSERVED, '1')).too_few.map(line)).toEqual([
      'session.no_signal: 18 of 20, 18 of 20',
    ]);
  });

  test('where nobody went on there is nothing to compare with', () => {
    const history = sessions(
      20,
      () => null,
      (all, session, at) => void all.of(session, EVENTS.noSignal, at + MINUTE),
    );
    expect(asking((why) => why(history, OBSERVED, '1'))).toMatchObject({
      ...{ stopped: 20, went_on: 0, horizon_ms: null, compared: { stopped: 0, went_on: 0 } },
      ...{ goes_together: [], not_claimed: [], too_few: [] },
    });
  });
});

test('several reasons of one name are told apart and together, one reason once', () => {
  const history = sessions(
    60,
    (index) => (index % 3 === 0 ? null : 1),
    (all, session, at, index) => {
      const project = 1;
      const code = index % 2 === 0 ? 'NO_BINARY' : 'NO_BRANCH';
      all.ofProject(project, EVENTS.spawnFailed, at + MINUTE, { error_code: code, error_kind: 'invalid' });
      all.ofProject(project, EVENTS.adapterUnavailable, at + MINUTE, { error_code: 'NO_BINARY' });
      all.of(session, EVENTS.noSignal, at + 10 * MINUTE);
    },
  );
  const names = seen(asking((why) => why(history, OBSERVED, '1'))).map((text) => text.split(':')[0]);
  expect(names.sort()).toEqual([
    'adapter.unavailable NO_BINARY',
    'session.no_signal',
    'spawn.failed',
    'spawn.failed NO_BINARY',
    'spawn.failed NO_BRANCH',
  ]);
});

describe('any question of a funnel', () => {
  test('from an optional step those go on who reach the next required one', () => {
    const SIGNAL: QuestionJson = {
      ...OBSERVED,
      steps: [OBSERVED.steps[0]!, { events: ['ao.session.first_signal'], optional: true }, OBSERVED.steps[1]!],
    };
    const history = sessions(
      60,
      (index) => (index % 3 === 0 ? null : 2),
      (all, session, at, index) => {
        if (index % 2 === 0) all.of(session, EVENTS.firstSignal, at + HOUR);
      },
    );
    asking((why) => {
      expect(why(history, SIGNAL, '1')).toMatchObject({ next_step: 3, stopped: 20, went_on: 40, horizon_ms: 2 * HOUR });
      expect(why(history, SIGNAL, 'session.first_signal')).toMatchObject({
        ...{ step: 2, next_step: 3, stopped: 10, went_on: 20, horizon_ms: HOUR },
      });
      expect(() => why(history, SIGNAL, '3')).toThrow(expect.objectContaining({ code: 'step_is_last', exitCode: 2 }));
      expect(() => why(history, SIGNAL, '4')).toThrow(expect.objectContaining({ code: 'step_unknown' }));
    });
  });

  test('in any order the steps are so many of them', () => {
    const history = sessions(
      60,
      (index) => (index % 3 === 0 ? null : 2),
      () => {},
    );
    asking((why) => {
      expect(why(history, { ...OBSERVED, order: 'any' }, '1')).toMatchObject({
        next_step: 2,
        stopped: 20,
        went_on: 40,
      });
      expect(() => why(history, { ...OBSERVED, order: 'any' }, '2')).toThrow(
        expect.objectContaining({ code: 'step_is_last' }),
      );
    });
  });

  test('broken down, each value has a comparison of its own, and all that is tested makes it harder to claim anything', () => {
    const history = new History();
    for (let index = 0; index < 120; index++) {
      const at = BEGIN + index * HOUR;
      const harness = ['codex', 'codex', 'aider'][index % 3]!;
      const session = history.session(at, { harness });
      const stops = index % 2 === 0;
      if (harness === 'aider' ? stops : index % 4 === 0) history.of(session, EVENTS.noSignal, at + MINUTE);
      if (!stops) history.pull(session, at + HOUR);
    }
    const { breakdown, ...whole } = asking((why) => why(history, { ...OBSERVED, by: 'harness' }, '1'));
    expect(breakdown.map(({ value, compared }) => [value, compared])).toEqual([
      ['codex', { stopped: 40, went_on: 40 }],
      ['aider', { stopped: 20, went_on: 20 }],
    ]);
    expect(breakdown.map(claimed)).toEqual([
      ['session.no_signal: 20 of 40, 0 of 40'],
      ['session.no_signal: 20 of 20, 0 of 20'],
    ]);
    const [first, second, third] = [whole, ...breakdown].map(({ goes_together }) => goes_together[0]!);
    expect(first!.p_holm).toBeCloseTo(3 * first!.p, 15);
    expect(third!.p_holm).toBeCloseTo(2 * third!.p, 12);
    expect(second!.p_holm).toBeCloseTo(second!.p, 12);
    const [one, other] = asking((why) => why(history, { ...OBSERVED, by: 'harness', top: 1 }, '1')).breakdown;
    expect([one!.value, other!.value]).toEqual(['codex', 'other']);
  });
});
