import type { HostDatabase } from '../../fixtures/daemon/schema.ts';
import type { Tokens } from './secrets.ts';
import type { Ids } from './tables.ts';

type Json = Readonly<Record<string, unknown>>;

/** A value of a payload: a word that the daemon writes, which a secret may take the place of, or something that is no text. */
const WORDS = {
  kind: 'worker',
  harness: 'codex',
  component: 'httpd',
  operation: 'http_request',
  method: 'POST',
  path: '/api/v1/sessions',
  error_kind: 'internal',
  error_code: 'INVALID_BRANCH',
  fingerprint: 'ae6f29cbd5080b31',
  command: 'spawn',
  command_path: 'ao spawn',
  actor_type: 'user',
  state: 'waiting_input',
};
const pick = (...names: (keyof typeof WORDS)[]): Json => Object.fromEntries(names.map((name) => [name, WORDS[name]]));

const CREATED = '2026-06-18 12:00:00 +0000 UTC';

/** Every name that is recorded, with every key that its payload has. */
export const PAYLOADS: Readonly<Record<string, Json>> = {
  'ao.daemon.started': { port: 3001, agent: 'codex' },
  'ao.projects.created': { kind: 'workspace', has_git_remote: true },
  'ao.onboarding.first_project_added': { kind: 'workspace', has_git_remote: true },
  'ao.session.spawned': { ...pick('kind', 'harness'), duration_ms: 5 },
  'ao.onboarding.first_session_spawned': { ...pick('kind', 'harness'), since_first_project_ms: 5 },
  'ao.session.spawn_failed': {
    ...pick('component', 'operation', 'kind', 'harness', 'error_kind', 'error_code', 'fingerprint'),
    duration_ms: 5,
  },
  'ao.session.waiting_input_entered': pick('state'),
  'ao.session.waiting_input_exited': { state: 'active', exited_to: 'active', dwell_ms: 5 },
  'ao.http.5xx': {
    ...pick('component', 'operation', 'method', 'path', 'error_kind', 'error_code', 'fingerprint'),
    ...{ status: 500, status_family: '5xx', duration: 5 },
  },
  'ao.daemon.panic': {
    ...pick('component', 'operation', 'method', 'path', 'fingerprint'),
    ...{ panic_kind: 'string', stack_fingerprint: 'ae6f29cbd5080b31' },
  },
  'ao.cli.invoked': pick('command', 'command_path', 'actor_type'),
  'ao.app.active': { channel: 'cli', ...pick('command', 'command_path', 'actor_type') },
  'ao.cli.usage_errors': pick('component', 'operation', 'command', 'command_path', 'error_kind', 'fingerprint'),
  'ao.review.triggered': { ...pick('harness'), created_runs: 1, reused: false },
  'ao.review.trigger_failed': pick('error_kind'),
  'ao.review.submitted': { ...pick('harness'), verdict: 'approved', duration_ms: 5, posted_to_provider: true },
  'ao.review.cancelled': { cancelled_runs: 1 },
  'ao.mobile.device_connected': { transport: 'lan' },
  'ao_projector.project_added': { kind: 'workspace', has_git_remote: true },
  'ao_projector.project_archived': {},
  'ao_projector.project_readded': {},
  'ao_projector.session_created': { created_at: CREATED, ...pick('kind', 'harness'), has_issue: true, launched: true },
  'ao_projector.session_launched': { created_at: CREATED },
  'ao_projector.session_first_signal': { created_at: CREATED },
  'ao_projector.session_ended': { created_at: CREATED, launched: true, activity: 'active', runtime_gone: true },
  'ao_projector.session_restored': { created_at: CREATED },
  'ao_projector.session_rolled_back': { created_at: CREATED, ...pick('kind', 'harness') },
  'ao_projector.review_run_created': pick('harness'),
  'ao_projector.review_run_changed': { ...pick('harness'), status: 'complete', verdict: 'approved' },
  'ao_projector.notification_raised': { type: 'needs_input' },
  'ao_projector.terminal_opened': {},
};

/** Rows of `telemetry_event`: each name as the daemon writes it, with secrets beside its words and in their place, and as nothing should. */
export function plantTelemetry(db: HostDatabase, tokens: Tokens, ids: Ids, time: () => string): void {
  const insert = db.prepare(
    `INSERT INTO telemetry_event (id, occurred_at, name, source, level, project_id, session_id, request_id, payload_json)
     VALUES (?, ?, ?, ?, 'info', ?, ?, ?, ?)`,
  );
  const secret = () => tokens.secret();
  const write = (name: string, payload: string, at = time()): void => {
    insert.run(`tev_${secret()}`, at, name, secret(), ids.project, ids.session, `${secret()}/x-000001`, payload);
  };
  const beside = (payload: Json) => ({ ...payload, [secret()]: secret(), prompt: { [secret()]: [secret()] } });
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    write(name, JSON.stringify(beside(payload)));
    write(name, escapeEverything(JSON.stringify(beside(mapTexts(payload, () => secret())))));
    write(name, JSON.stringify(mapTexts(payload, (word) => `${word} ${secret()}`)));
    write(
      name,
      JSON.stringify(mapTexts(payload, (word) => `${word}/${secret()}`)),
      `${CREATED.slice(0, 25)} ${secret()}`,
    );
    for (const key of Object.keys(payload)) write(name, JSON.stringify({ ...payload, [key]: secret() }));
    for (const key of Object.keys(payload)) write(name, JSON.stringify({ ...payload, [key]: [secret()] }));
    write(name, `{"${secret()}": "${secret()}`);
    write(name, JSON.stringify([secret()]));
    write(name, secret(), secret());
  }
  write(`ao.${secret()}`, JSON.stringify({ [secret()]: secret() }));
  write(secret(), secret());
}

/** Rows of `change_log` as they are and as they may become: with secrets in each field, and beside them. */
export function plantChanges(db: HostDatabase, tokens: Tokens, ids: Ids, time: () => string): void {
  const insert = db.prepare(
    'INSERT INTO change_log (project_id, session_id, event_type, payload, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const secret = () => tokens.secret();
  const write = (type: string, payload: string, at = time()): void => {
    insert.run(ids.project, ids.session, type, payload, at);
  };
  const session = { id: ids.session, activity: 'active', isTerminated: false };
  const state = { url: ids.pull, session: ids.session, state: 'open', ci: 'failing', review: 'none' };
  const pull = { ...state, mergeability: secret() };
  const thread = { pr: ids.pull, thread: secret(), path: secret(), line: 7, resolved: true };
  const payloads: readonly (readonly [string, Json])[] = [
    ['session_updated', { ...session, previewUrl: secret(), previewRevision: 7, mode: secret() }],
    ['session_updated', { ...session, sessionId: ids.session, conversationId: secret() }],
    ['session_updated', { ...session, interfaceTransitionId: secret(), interfaceTransitionPhase: secret() }],
    ['pr_updated', pull],
    ['pr_session_changed', { url: ids.pull, fromSession: secret(), toSession: ids.session }],
    ['pr_check_recorded', { pr: ids.pull, name: secret(), commit: secret(), status: secret() }],
    ['pr_review_thread_added', { ...thread, isBot: false }],
    ['pr_review_thread_resolved', thread],
  ];
  db.pragma('ignore_check_constraints = ON');
  for (const [type, payload] of payloads) {
    write(type, JSON.stringify(payload));
    write(type, escapeEverything(JSON.stringify({ ...payload, [secret()]: secret(), body: { [secret()]: secret() } })));
    write(type, JSON.stringify(payload), `${CREATED.slice(0, 25)} ${secret()}`);
    write(type, JSON.stringify(payload), secret());
    write(secret(), JSON.stringify(payload));
    for (const key of Object.keys(payload)) {
      // An id in the place of an id is an id.
      if (Object.values(ids).includes(payload[key] as string)) continue;
      if (/session|url|^pr$/i.test(key)) continue;
      write(type, JSON.stringify({ ...payload, [key]: secret() }));
    }
    write(type, secret());
  }
  db.pragma('ignore_check_constraints = OFF');
}

function mapTexts(payload: Json, change: (word: string) => string): Json {
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => [
      key,
      typeof value === 'string' && key !== 'created_at' ? change(value) : value,
    ]),
  );
}

/** JSON that says the same with every letter of every text escaped. */
function escapeEverything(json: string): string {
  return json.replace(/"([^"]*)"/g, (_, text: string) => {
    const letters = [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    return `"${letters.join('')}"`;
  });
}
