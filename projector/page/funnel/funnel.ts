import { DIMENSIONS } from '../../answers/dimensions.ts';
import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { ReachedSubject } from '../../answers/funnel/ask.ts';
import type { OnboardingAnswer } from '../../answers/funnel/onboarding.ts';
import type { QuestionJson } from '../../answers/funnel/question-json.ts';
import { INTERVALS } from '../../answers/intervals.ts';
import { ask, askLines, Refusal } from '../api.ts';
import { empty, h } from '../dom.ts';
import { counted } from '../format.ts';
import type { Shown, View } from '../view.ts';
import { type AskedFunnel, askedFunnel, NONE_SHIPPED, nameWords, SHIPPED, withOption } from './asked.ts';
import { breakdownCharts } from './breakdown.ts';
import { brief, editor } from './editor/editor.ts';
import { milestoneTable } from './milestones.ts';
import { reachedList } from './reached.ts';
import { labelOf, stepTable } from './steps.ts';
import { figures, totalTime } from './totals.ts';
import { trendChart } from './trend.ts';
import { goesTogether } from './why.ts';

/** How far subjects come, step by step. */
export const funnelView: View = {
  name: 'funnel',
  title: 'Funnel',
  question: 'How far do they come?',
  isWhole: (params) => params.get('funnel') === 'onboarding' && !params.has('question'),
  async show(shown: Shown): Promise<void> {
    const asked = askedFunnel(shown.route, shown.filters);
    if (asked.name === 'onboarding') await showOnboarding(shown, asked);
    else await showFunnel(shown, asked);
  },
};

async function showOnboarding({ place, route, signal }: Shown, asked: AskedFunnel): Promise<void> {
  const answer = await ask<OnboardingAnswer>(['funnel', 'onboarding'], asked.query, signal);
  place.append(tools(choice(route, asked)), milestoneTable(answer, route));
}

async function showFunnel(shown: Shown, asked: AskedFunnel): Promise<void> {
  const { place, route, signal } = shown;
  const [answer, reached] = await Promise.all([answerTo(asked, signal), reachedBy(shown, asked)]);
  if (answer instanceof Refusal) {
    place.append(tools(choice(route, asked)), editor(shown, asked.question!, answer.problem));
    return;
  }
  const question = answer.question as QuestionJson;
  if (route.params.has('edit')) {
    place.append(tools(choice(route, asked)), editor(shown, asked.question ?? brief(copied(question)), null));
  } else place.append(tools(choice(route, asked), ...optionTools(shown, asked, question)));
  if (answer.attempts === 0) {
    place.append(nobody(shown));
    return;
  }
  place.append(figures(answer), stepTable(answer, asked.name, route));
  if (reached) place.append(reachedPanel(shown, asked, answer, reached));
  const trend = question.interval ? trendChart(answer, question.interval, route, signal) : null;
  place.append(h('div', { class: 'beside' }, totalTime(answer), trend));
  if (question.by) place.append(breakdownCharts(answer, question.by));
}

/** What is wrong with a question of one's own is shown where it is written; anything else has failed. */
async function answerTo(asked: AskedFunnel, signal: AbortSignal): Promise<FunnelAnswer | Refusal> {
  try {
    return await ask<FunnelAnswer>(['funnel', ...nameWords(asked)], asked.query, signal);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'question_invalid' && asked.name === null) return error;
    throw error;
  }
}

/** Who reached the step that the address names; null where it names none that there is. */
async function reachedBy({ route, signal }: Shown, asked: AskedFunnel): Promise<readonly ReachedSubject[] | null> {
  const step = route.params.get('step');
  if (step === null) return null;
  try {
    return await askLines(['funnel', ...nameWords(asked)], { ...asked.query, subjects: step }, signal);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'question_invalid') return null;
    throw error;
  }
}

const WHO = {
  session: ['session', 'sessions'],
  pr: ['PR', 'PRs'],
  project: ['project', 'projects'],
  install: ['install', 'installs'],
} as const;

function reachedPanel(
  shown: Shown,
  asked: AskedFunnel,
  answer: FunnelAnswer,
  reached: readonly ReachedSubject[],
): HTMLElement {
  const { route } = shown;
  const number = Number(route.params.get('step'));
  const step = answer.steps[number - 1]!;
  const { subject, entry } = answer.question as QuestionJson;
  const who = entry === 'every' ? ['attempt', 'attempts'] : WHO[subject!];
  const rows = asked.name !== null && route.href('explain', { what: ['funnel', asked.name, String(number)] });
  return h(
    'section',
    { class: 'reached-by', 'aria-labelledby': 'reached-by' },
    h(
      'h3',
      { id: 'reached-by', tabindex: '-1' },
      `${counted(reached.length, who[0]!, who[1])} reached ${labelOf(step)}`,
    ),
    h(
      'p',
      { class: 'row' },
      rows && h('a', { href: rows }, 'The rows behind this number'),
      h('a', { href: route.href('funnel', { step: null }), id: 'close-reached' }, 'Close'),
    ),
    reached.length > 0 ? reachedList(reached, answer.steps, subject!, route) : h('p', {}, 'Nobody.'),
    goesTogether(shown, asked, number, answer),
  );
}

function nobody({ route, filters }: Shown): HTMLElement {
  const { since, project } = filters;
  const filtered = [since && `since ${since}`, project && `project ${project}`].filter(Boolean).join(', ');
  if (!filtered) {
    return empty(
      'Nobody has entered this funnel.',
      'Start `ao-projector run` beside the daemon, or choose another one.',
    );
  }
  const section = empty(`Nobody entered this funnel (${filtered}).`, 'There may be more in all events:');
  section.append(
    h('a', { href: route.href('funnel', { since: null, project: null }), id: 'all' }, 'ask of all events'),
  );
  return section;
}

/** How what is asked can be changed. */
function optionTools({ route }: Shown, asked: AskedFunnel, question: QuestionJson): HTMLElement[] {
  const written = route.href('funnel', { ...NONE_SHIPPED, question: brief(copied(question)), edit: '1' });
  const title = asked.name === null ? 'Change the question' : 'Ask a question of your own';
  return [
    optionChoice(route, asked, 'by', 'by', DIMENSIONS, question.by ?? null),
    optionChoice(route, asked, 'interval', 'trend by', INTERVALS, question.interval ?? null),
    h('a', { href: `${written}#editor`, class: 'edit', id: 'edit' }, title),
    h('a', { href: route.href('playback', { funnel: asked.name, question: asked.question }), id: 'play' }, 'Play it'),
  ];
}

/** The filters of the page stay beside the question, so that it goes with any. */
function copied(question: QuestionJson): QuestionJson {
  return { ...question, name: null, since: null, until: null };
}

function tools(...parts: readonly HTMLElement[]): HTMLElement {
  return h('div', { class: 'row tools' }, ...parts);
}

function choice({ href }: Shown['route'], { name: asked }: AskedFunnel): HTMLElement {
  const none = { question: null, edit: null, step: null, trend: null };
  return h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': 'Funnel' },
    ...SHIPPED.map(([name, title]) => {
      const isShown = name === asked;
      const to = href('funnel', { ...none, funnel: name });
      return h('a', { href: to, id: `funnel-${name}`, 'aria-current': isShown ? 'true' : null }, title);
    }),
    asked === null &&
      h('a', { href: `${href('funnel', { edit: '1' })}#editor`, id: 'own', 'aria-current': 'true' }, 'Your own'),
  );
}

function optionChoice(
  { go }: Shown['route'],
  asked: AskedFunnel,
  option: 'by' | 'interval',
  label: string,
  values: readonly string[],
  chosen: string | null,
): HTMLElement {
  const choose = (event: Event) => {
    go('funnel', withOption(asked, option, (event.target as HTMLSelectElement).value || null));
  };
  return h(
    'div',
    { class: 'choice' },
    h('label', { for: `choose-${option}` }, label),
    h(
      'select',
      { id: `choose-${option}`, onchange: choose },
      h('option', { value: '' }, 'nothing'),
      ...values.map((value) => h('option', { value, selected: value === chosen }, value)),
    ),
  );
}
