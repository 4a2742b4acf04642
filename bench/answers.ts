import { join } from 'node:path';
import Database from 'better-sqlite3';
import { writeVolume } from '../fixtures/volume.ts';
import { EVENTS } from '../projections/vocabulary.ts';
import { activity } from '../projector/answers/activity.ts';
import { crashes } from '../projector/answers/crashes.ts';
import { type EventAnswer, events, newestEvents } from '../projector/answers/events.ts';
import { explain } from '../projector/answers/explain/explain.ts';
import { failures } from '../projector/answers/failures.ts';
import type { Filter } from '../projector/answers/filter.ts';
import { ask } from '../projector/answers/funnel/ask.ts';
import { onboarding } from '../projector/answers/funnel/onboarding.ts';
import { SHIPPED } from '../projector/answers/funnel/shipped.ts';
import { Source } from '../projector/answers/source.ts';
import { status } from '../projector/answers/status.ts';
import { stuck } from '../projector/answers/stuck.ts';
import { pullRequest, session } from '../projector/answers/timeline.ts';
import { usage } from '../projector/answers/usage.ts';
import { type Paths, pathsOf } from '../projector/store/paths.ts';
import { environment, lastLine, script } from './children.ts';
import { inFolder } from './folders.ts';
import { median, note, print } from './report.ts';

const ROWS = 1_000_000;
const SESSIONS = 20_000;
const ROUNDS = 5;
const BOUND_MS = 150;
const TIERS = { metrics: true, events: true, remote: [] };

interface Question {
  readonly what: string;
  readonly ours: (source: Source) => unknown;
  /** The same question to the daemon's own tables, as far as SQL gets there. */
  readonly plain: string;
}

const SESSION_STEPS = `
  SELECT count(*), sum(has_pull), sum(has_merge) FROM (
    SELECT max(event_type = 'pr_created') AS has_pull,
      max(event_type = 'pr_updated' AND payload ->> '$.state' = 'merged') AS has_merge
    FROM change_log WHERE event_type <> 'session_updated' GROUP BY session_id)`;

const ACTS = `
  SELECT DISTINCT substr(at, 1, 10) FROM (
    SELECT created_at AS at FROM change_log WHERE event_type = 'session_created'
    UNION ALL SELECT created_at FROM change_log WHERE event_type = 'pr_updated' AND payload ->> '$.state' = 'merged'
    UNION ALL SELECT occurred_at FROM telemetry_event WHERE name = 'ao.cli.invoked')`;

const WAITS = `
  SELECT session_id, count(*) FROM (
    SELECT session_id, activity, lag(activity) OVER (PARTITION BY session_id ORDER BY seq) AS before
    FROM (SELECT seq, session_id, payload ->> '$.activity' AS activity FROM change_log WHERE event_type = 'session_updated'))
  WHERE activity = 'waiting_input' AND before <> 'waiting_input' GROUP BY session_id`;

/** The answers over a long history, each beside the same question to the daemon's own tables in plain SQL. */
export async function benchAnswers(): Promise<void> {
  await inFolder(async (folder) => {
    writeVolume(join(folder, 'ao.db'), { rows: ROWS, sessions: SESSIONS, mix: 'R', seed: 1 });
    await lastLine(script('ours'), { env: environment(folder) });
    const paths = pathsOf(environment(folder));
    const now = status(paths, TIERS, Date.now()).as_of?.at ?? Date.now();
    note(
      `mix R: ${ROWS.toLocaleString('en')} rows, ${SESSIONS.toLocaleString('en')} sessions; in one process, files opened each time`,
    );
    const filter: Filter = { since: null, until: null, project: null, by: null, now };
    for (const question of [...questions(filter), ...subjectQuestions(paths, filter)]) {
      const times = Array.from({ length: ROUNDS }, () => ({
        ours: time(() => openAnd(question.ours, Source.open(paths, TIERS))),
        plain: time(() =>
          openAnd((db) => db.prepare(question.plain).all(), new Database(paths.host, { readonly: true })),
        ),
      }));
      const of = `median of ${ROUNDS}`;
      const what = `answer, ${question.what}`;
      print({
        what,
        value: median(times.map(({ ours }) => ours)),
        unit: 'ms',
        of,
        bound: BOUND_MS,
        against: 'after start-up',
      });
      const value = median(times.map(({ plain }) => plain));
      print({ what: `${what}, plain SQL`, value, unit: 'ms', of, against: "from the daemon's tables" });
    }
  });
}

function questions(filter: Filter): Question[] {
  const { now } = filter;
  const bounds = { since: null, until: null, by: null, now };
  return [
    { what: 'funnel session', ours: (source) => ask(source, { ...SHIPPED.session, ...bounds }), plain: SESSION_STEPS },
    {
      what: 'funnel pr',
      ours: (source) => ask(source, { ...SHIPPED.pr, ...bounds }),
      plain: `SELECT payload ->> '$.state', count(DISTINCT payload ->> '$.url') FROM change_log
              WHERE event_type IN ('pr_created', 'pr_updated') GROUP BY 1`,
    },
    {
      what: 'funnel onboarding',
      ours: (source) => onboarding(source, now),
      plain: 'SELECT event_type, min(seq) FROM change_log GROUP BY event_type',
    },
    {
      what: 'failures',
      ours: (source) => failures(source, filter),
      plain: `SELECT name, payload_json ->> '$.error_code', count(*), max(occurred_at) FROM telemetry_event
              WHERE level IN ('error', 'warn') GROUP BY 1, 2`,
    },
    {
      what: 'crashes',
      ours: (source) => crashes(source, filter),
      plain: "SELECT * FROM telemetry_event WHERE name IN ('ao.daemon.panic', 'ao.daemon.started')",
    },
    { what: 'stuck', ours: (source) => stuck(source, filter), plain: WAITS },
    {
      what: 'usage',
      ours: (source) => usage(source, filter),
      plain: `SELECT substr(occurred_at, 1, 10), payload_json ->> '$.command_path', count(*) FROM telemetry_event
              WHERE name = 'ao.cli.invoked' GROUP BY 1, 2`,
    },
    { what: 'activity', ours: (source) => activity(source, filter), plain: ACTS },
    {
      what: 'events, the newest 50',
      ours: (source) => newestEvents(source, { names: [], ...filter }, 50),
      plain: 'SELECT * FROM change_log ORDER BY seq DESC LIMIT 50',
    },
    {
      what: 'events, the newest 50 merges',
      ours: (source) => newestEvents(source, { names: [EVENTS.merged], ...filter }, 50),
      plain: `SELECT * FROM change_log WHERE event_type = 'pr_updated' AND payload ->> '$.state' = 'merged'
              ORDER BY seq DESC LIMIT 50`,
    },
  ];
}

/** Questions about one session, PR, event and step, from the middle of the history. */
function subjectQuestions(paths: Paths, filter: Filter): Question[] {
  const found = middles(paths);
  const merged = found.get('ao.pr.merged')!;
  const killed = found.get('ao.session.killed')!;
  const id = killed.raw!.session!;
  const url = merged.raw!.subject!;
  const row = `SELECT * FROM change_log WHERE seq = ${killed.cause_position}`;
  return [
    {
      what: 'session',
      ours: (source) => session(paths, source, filter, id),
      plain: `SELECT * FROM change_log WHERE session_id = '${id}'`,
    },
    {
      what: 'pr',
      ours: (source) => pullRequest(paths, source, filter, url),
      plain: `SELECT * FROM change_log WHERE payload ->> '$.url' = '${url}'`,
    },
    {
      what: 'explain an event by its row',
      ours: (source) => explain(paths, source, filter, [`ao.session.killed@${killed.cause_position}`]),
      plain: row,
    },
    { what: 'explain an event by its id', ours: (source) => explain(paths, source, filter, [killed.id]), plain: row },
    {
      what: 'explain a session',
      ours: (source) => explain(paths, source, filter, [id]),
      plain: `SELECT * FROM change_log WHERE session_id = '${id}'`,
    },
    {
      what: 'explain a step of a funnel',
      ours: (source) => explain(paths, source, filter, ['funnel', 'session', 'pr.merged']),
      plain: "SELECT * FROM change_log WHERE event_type = 'pr_updated' AND payload ->> '$.state' = 'merged'",
    },
  ];
}

/** Of each name the event in the middle. */
function middles(paths: Paths): Map<string, EventAnswer> {
  const source = Source.open(paths, TIERS);
  try {
    const names = [EVENTS.merged, EVENTS.killed];
    const filter = { since: null, until: null, project: null };
    return new Map(
      names.map((definition) => {
        const all = [...events(source, { ...filter, names: [definition] })];
        return [definition.name, all[Math.floor(all.length / 2)]!];
      }),
    );
  } finally {
    source.close();
  }
}

function openAnd<T extends { close(): unknown }>(use: (opened: T) => unknown, opened: T): void {
  try {
    use(opened);
  } finally {
    opened.close();
  }
}

function time(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
