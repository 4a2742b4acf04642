import { describe, expect, test } from '@jest/globals';
import { ask } from '../../../../projector/answers/funnel/ask.ts';
import type { FunnelQuestion } from '../../../../projector/answers/funnel/question.ts';
import { parseQuestion } from '../../../../projector/answers/funnel/question-json.ts';
import { type Comparison, compare } from '../../../../projector/answers/funnel/semantics/compare.ts';
import { SEMANTICS, semanticsOf } from '../../../../projector/answers/funnel/semantics/semantics.ts';
import { at, ms, type TinyHost } from '../../../oracle/tiny.ts';
import { asked } from '../asked.ts';

const HOUR = 3_600;

/** A session that waits from second to second; the wait that begins at 30 is the one that the window of a minute leaves time for. */
const waiting = (host: TinyHost, id: string, waits: readonly (readonly [from: number, to: number])[]) => {
  host.created(id, at('0'));
  for (const [from, to] of waits) {
    host.updated(id, 'waiting_input', false, at(String(from))).updated(id, 'active', false, at(String(to)));
  }
  return host;
};

const write = (host: TinyHost) => {
  waiting(host, 'web-1', [
    [1, 10],
    [30, 75],
  ]);
  waiting(host, 'web-2', [[5, 80]]);
  return waiting(host, 'api-1', [[5, 20]]);
};

const ENTERED = 'ao.session.waiting_input_entered';
const EXITED = 'ao.session.waiting_input_exited';

const question = (events: readonly string[], more: object = {}): FunnelQuestion =>
  parseQuestion({ steps: events.map((name) => ({ events: [name] })), window_ms: 60_000, ...more }, ms(HOUR));

const others = SEMANTICS.map((tool) => semanticsOf(tool));
const compared = (about: FunnelQuestion): Comparison => asked(write, (source) => compare(source, about, others));

describe('funnel compare', () => {
  test('tells who makes the difference', () => {
    const { steps, differences } = compared(question([ENTERED, ENTERED, EXITED, EXITED]));
    expect(steps.map(({ reached }) => reached)).toEqual([
      { ours: 3, clickhouse: 3, posthog: 3, mixpanel: 3 },
      // ClickHouse takes the one wait of each session for both steps.
      { ours: 1, clickhouse: 3, posthog: 1, mixpanel: 1 },
      { ours: 0, clickhouse: 2, posthog: 0, mixpanel: 0 },
      { ours: 0, clickhouse: 2, posthog: 0, mixpanel: 0 },
    ]);
    expect(differences.map(({ raw, levels }) => [raw, levels])).toEqual([
      ['web-1', { ours: 2, clickhouse: 4, posthog: 2, mixpanel: 2 }],
      ['web-2', { ours: 1, clickhouse: 2, posthog: 1, mixpanel: 1 }],
      ['api-1', { ours: 1, clickhouse: 4, posthog: 1, mixpanel: 1 }],
    ]);
  });

  test('names nobody where the rules agree', () => {
    expect(compared(question([ENTERED, EXITED])).differences).toEqual([]);
  });

  test('leaves out what a tool leaves out, and says so', () => {
    const { steps, notes, differences } = compared(
      question([], { steps: [{ events: [ENTERED] }, { events: [EXITED], optional: true }, { events: [ENTERED] }] }),
    );
    expect(steps.map(({ reached }) => reached)).toEqual([
      { ours: 3, clickhouse: 3, posthog: 3, mixpanel: 3 },
      { ours: 2, clickhouse: null, posthog: 2, mixpanel: null },
      { ours: 1, clickhouse: 3, posthog: 1, mixpanel: 1 },
    ]);
    expect(notes).toEqual({
      clickhouse: [expect.stringContaining('optional')],
      posthog: [],
      mixpanel: [expect.stringContaining('optional')],
    });
    expect(differences.map(({ raw }) => raw)).toEqual(['web-2', 'api-1']);
  });

  test('says how many steps were completed where they may come in any order', () => {
    const { steps, notes } = compared(question([EXITED, ENTERED], { order: 'any' }));
    expect(steps.map(({ events, reached }) => [events, reached])).toEqual([
      [['completed 1'], { ours: 3, clickhouse: 3, posthog: 3, mixpanel: 3 }],
      // In their order, one session alone has a wait that is over and then another one.
      [['completed 2'], { ours: 2, clickhouse: 1, posthog: 2, mixpanel: 2 }],
    ]);
    expect(notes.clickhouse).toEqual([expect.stringContaining('free order')]);
  });

  test('counts as the answers themselves do', () => {
    const about = question([ENTERED, ENTERED, EXITED]);
    asked(write, (source) => {
      const { steps } = compare(source, about, others);
      for (const { name, scan } of others) {
        const reached = ask(source, about, undefined, scan).steps.map((step) => step.reached);
        expect(steps.map((step) => step.reached[name])).toEqual(reached);
      }
      expect(steps.map((step) => step.reached.ours)).toEqual(ask(source, about).steps.map((step) => step.reached));
    });
  });
});
