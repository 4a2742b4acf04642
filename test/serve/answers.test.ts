import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Known, NOW } from '../known/known.ts';
import { answerOf, EVENTS_TIER } from '../support/command-line.ts';
import { Served } from './served.ts';

const known = new Known();
const now = Date.parse(NOW);
let served: Served;
beforeAll(() => {
  served = new Served(known.folder, EVENTS_TIER, now);
});
afterAll(() => served.close());

/** What is asked of each command: the words of the command line, and the address. */
const QUESTIONS: readonly (readonly [words: string, address: string])[] = [
  ['status', 'status'],
  ['funnel session', 'funnel/session'],
  ['funnel session --by harness --interval week', 'funnel/session?by=harness&interval=week'],
  ['funnel session --subjects 3', 'funnel/session?subjects=3'],
  ['funnel onboarding', 'funnel/onboarding'],
  ['funnel lint review', 'funnel/lint/review'],
  ['failures --since 7d', 'failures?since=7d'],
  ['failures show 9a0d', 'failures/show/9a0d'],
  ['crashes', 'crashes'],
  ['stuck --by harness', 'stuck?by=harness'],
  ['usage', 'usage'],
  ['activity --by project', 'activity?by=project'],
  ['events --limit 5', 'events?limit=5'],
  ['events --name ao.pr.merged --name ao.pr.observed', 'events?name=ao.pr.merged&name=ao.pr.observed'],
  ['session web-2', 'session/web-2'],
  ['explain web-8', 'explain/web-8'],
  ['explain funnel session 3', 'explain/funnel/session/3'],
  ['gaps', 'gaps'],
  ['rejected list', 'rejected/list'],
  ['rejected retry', 'rejected/retry'],
  ['triggers verify', 'triggers/verify'],
  ['why funnel session 1', 'why/funnel/session/1'],
];

test.each(QUESTIONS)('%s is answered as on the command line', async (words, address) => {
  const response = await served.get(`/api/v1/${address}`);
  const asked = answerOf(known.folder, EVENTS_TIER, now, [...words.split(' '), '--json']);
  expect(await response.text()).toBe(asked);
  expect(response.status).toBe(200);
});

test('every command that answers can be asked, and each is asked here or where its own tests are', () => {
  const own = ['export status', 'export preview', 'export ledger', 'pr', 'funnel compare', 'rejected show'];
  const asked = QUESTIONS.map(([words]) => words);
  const missing = served.described
    .map(({ words }) => words.join(' '))
    .filter((words) => !own.includes(words) && !asked.some((one) => one === words || one.startsWith(`${words} `)));
  expect(missing).toEqual([]);
});

test('a PR is named by its URL, which stands in the path as one word', async () => {
  const [pull] = known.events('--name', 'ao.pr.observed');
  const url = pull!.raw!.subject!;
  expect(url).toMatch(/^https:\/\//);
  const response = await served.get(`/api/v1/pr/${encodeURIComponent(url)}`);
  expect(await response.text()).toBe(answerOf(known.folder, EVENTS_TIER, now, ['pr', url, '--json']));
});

test('a question in JSON is answered as the command line answers it', async () => {
  const question = JSON.stringify({
    steps: [{ events: ['ao.session.spawned'] }, { events: ['ao.pr.merged'] }],
    window_ms: 604_800_000,
  });
  const response = await served.get(`/api/v1/funnel?question=${encodeURIComponent(question)}`);
  const asked = answerOf(known.folder, EVENTS_TIER, now, ['funnel', '--question', question, '--json']);
  expect(await response.text()).toBe(asked);
  expect(JSON.parse(asked).steps).toHaveLength(2);
});

test('lines are told as lines, and an object as an object', async () => {
  expect((await served.get('/api/v1/events?limit=5')).headers.get('Content-Type')).toBe('application/x-ndjson');
  expect((await served.get('/api/v1/status')).headers.get('Content-Type')).toBe('application/json');
});

test.each([
  ['failures?since=yesterday-ish', 400, 'time_invalid'],
  ['funnel?question=%7B', 400, 'question_invalid'],
  ['stuck?by=nothing', 400, 'usage'],
  ['stuck?since=1d&since=2d', 404, 'no_such_question'],
  ['session/no-such-session', 404, 'subject_unknown'],
  ['gaps/more', 404, 'no_such_question'],
])('%s is refused by a problem that says what was expected', async (address, status, code) => {
  const response = await served.get(`/api/v1/${address}`);
  const { error } = (await response.json()) as { error: Record<string, string> };
  expect({ status: response.status, code: error.code }).toEqual({ status, code });
  expect(Object.keys(error)).toEqual(['code', 'message', 'expected', 'found', 'remedy']);
});

test('where nothing was derived it says so and what to do', async () => {
  const empty = new Served(`${known.folder}/nowhere`, EVENTS_TIER, now);
  try {
    const response = await empty.get('/api/v1/funnel/session');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'nothing_derived' } });
    expect((await empty.get('/api/v1/status')).status).toBe(200);
    expect((await empty.get('/healthz')).status).toBe(200);
  } finally {
    empty.close();
  }
});
