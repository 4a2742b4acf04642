import type { Explained } from '../../answers/explain/explain.ts';
import { ask } from '../api.ts';
import { empty, h } from '../dom.ts';
import { lookUp } from '../look-up.ts';
import type { Shown, View } from '../view.ts';
import { explainedEvent } from './event.ts';
import { prose } from './prose.ts';
import { rowTable } from './rows.ts';
import { explainedStep, missedSteps } from './step.ts';
import { explainedSubject } from './subject.ts';
import { whyNot } from './why-not.ts';

/** Why something was told, or was not: `what` is an event, a session or PR, or three times: `funnel`, its name, a step. */
export const explainView: View = {
  name: 'explain',
  title: 'Explain',
  question: 'Why is that so?',
  within: 'subject',
  isWhole: (params) => params.get('what') !== 'funnel',
  async show({ place, route, filters, signal }: Shown): Promise<void> {
    const what = route.params.getAll('what');
    if (what.length === 0) {
      const look = lookUp('Event, session or PR', 'ao.session.killed@79', (text) => {
        route.go('explain', { what: text.split(/\s+/) });
      });
      place.append(look, empty('Nothing is asked about.', 'Choose a number of the funnel, or an event of a timeline.'));
      return;
    }
    const explained = await ask<Explained>(['explain', ...what], { ...filters }, signal);
    place.append(
      ...answer(explained),
      part('rule', 'Rule', prose(explained.rule)),
      part('rows', 'Rows', rowTable(explained.rows)),
      ...missing(explained),
    );

    function answer(told: Explained): HTMLElement[] {
      switch (told.kind) {
        case 'event':
          return explainedEvent(told, route);
        case 'subject':
          return explainedSubject(told.answer, route);
        case 'step':
          return explainedStep(told.answer, route);
      }
    }
  },
};

function missing({ kind, why_not }: Explained): HTMLElement[] {
  if (why_not.length === 0) return [];
  return [part('why-not', 'Why not', kind === 'step' ? missedSteps(why_not) : whyNot(why_not))];
}

function part(id: string, title: string, ...content: readonly HTMLElement[]): HTMLElement {
  return h('section', { class: 'part', 'aria-labelledby': id }, h('h4', { id }, title), ...content);
}
