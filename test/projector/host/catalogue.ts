/** One row of each telemetry name as the daemon's own catalogue describes it, and what a fact keeps of it. */
export interface Example {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  /** Keys whose words are of a closed vocabulary, each with its name in the fact. */
  readonly words: Readonly<Record<string, string>>;
  /** Keys that a row may go without, beside those that no fact keeps. */
  readonly optional?: readonly string[];
}

const SPAWN = { kind: 'worker', harness: 'claude-code' };
const SPAWN_WORDS = { kind: 'kind', harness: 'harness' };
const PLACE_WORDS = { component: 'component', operation: 'operation' };
const ERROR_WORDS = { error_kind: 'error_kind', error_code: 'error_code' };
const ACTOR = { actor_type: 'actor' };
const FAILURE = { component: 'session_service', operation: 'spawn_session', duration_ms: 13, error_kind: 'invalid' };
const REQUEST = { component: 'httpd', operation: 'http_request', method: 'POST' };
const PANIC = { component: 'httpd', operation: 'http_request_panic', method: 'GET' };

export const CATALOGUE: readonly Example[] = [
  {
    name: 'ao.daemon.started',
    payload: { port: 3901, agent: 'claude-code' },
    data: { agent: 'claude-code' },
    words: { agent: 'agent' },
    optional: ['agent'],
  },
  ...['ao.projects.created', 'ao.onboarding.first_project_added'].map((name) => ({
    name,
    payload: { kind: 'single_repo', has_git_remote: true },
    data: { kind: 'single_repo', has_git_remote: true },
    words: { kind: 'kind' },
  })),
  {
    name: 'ao.session.spawned',
    payload: { ...SPAWN, duration_ms: 71 },
    data: { ...SPAWN, duration_ms: 71 },
    words: SPAWN_WORDS,
  },
  {
    name: 'ao.onboarding.first_session_spawned',
    payload: { ...SPAWN, since_first_project_ms: 2236 },
    data: { ...SPAWN, since_first_project_ms: 2236 },
    words: SPAWN_WORDS,
    optional: ['since_first_project_ms'],
  },
  {
    name: 'ao.session.spawn_failed',
    payload: { ...SPAWN, ...FAILURE, error_code: 'INVALID_BRANCH', fingerprint: 'ae6f29cbd5080b31' },
    data: { ...SPAWN, ...FAILURE, error_code: 'INVALID_BRANCH' },
    words: { ...SPAWN_WORDS, ...PLACE_WORDS, ...ERROR_WORDS },
    optional: ['error_code'],
  },
  {
    name: 'ao.session.waiting_input_entered',
    payload: { state: 'blocked' },
    data: { state: 'blocked' },
    words: { state: 'state' },
  },
  {
    name: 'ao.session.waiting_input_exited',
    payload: { state: 'active', exited_to: 'active', dwell_ms: 1046 },
    data: { state: 'active', dwell_ms: 1046 },
    words: { state: 'state' },
  },
  {
    name: 'ao.http.5xx',
    payload: {
      ...REQUEST,
      ...{ path: '/api/v1/sessions', status: 500, status_family: '5xx', duration: 34 },
      ...{ error_kind: 'internal', error_code: 'SESSION_NOT_FOUND', fingerprint: 'b21c90b6cee5e9f4' },
    },
    data: {
      ...REQUEST,
      ...{ spawn_route: true, status: 500, duration_ms: 34, error_kind: 'internal', error_code: 'SESSION_NOT_FOUND' },
    },
    words: { ...PLACE_WORDS, ...ERROR_WORDS, method: 'method' },
    optional: ['error_kind', 'error_code'],
  },
  {
    name: 'ao.daemon.panic',
    payload: { ...PANIC, path: '/api/v1/projects', panic_kind: 'error', stack_fingerprint: '0af3', fingerprint: 'ff' },
    data: { ...PANIC, spawn_route: false, panic_kind: 'error', stack_fingerprint: '0af3' },
    words: { ...PLACE_WORDS, method: 'method', panic_kind: 'panic_kind' },
  },
  {
    name: 'ao.cli.invoked',
    payload: { command: 'ls', command_path: 'ao session ls', actor_type: 'agent' },
    data: { command: 'ao session ls', actor: 'agent' },
    words: ACTOR,
    optional: ['actor_type'],
  },
  {
    name: 'ao.app.active',
    payload: { channel: 'cli', command: 'add', command_path: 'ao project add', actor_type: 'user' },
    data: { channel: 'cli', command: 'ao project add', actor: 'user' },
    words: { ...ACTOR, channel: 'channel' },
    optional: ['actor_type'],
  },
  {
    name: 'ao.cli.usage_errors',
    payload: {
      ...{ command: 'spawn', command_path: 'ao spawn fix my login', component: 'cli', operation: 'command_parse' },
      ...{ error_kind: 'usage', fingerprint: '359868f00fb13cea' },
    },
    data: { command: 'ao spawn', component: 'cli', operation: 'command_parse', error_kind: 'usage' },
    words: { ...PLACE_WORDS, error_kind: 'error_kind' },
  },
  {
    name: 'ao.review.triggered',
    payload: { harness: 'codex', created_runs: 1, reused: false },
    data: { harness: 'codex', created_runs: 1, reused: false },
    words: { harness: 'harness' },
  },
  {
    name: 'ao.review.trigger_failed',
    payload: { error_kind: 'agent_unavailable' },
    data: { error_kind: 'agent_unavailable' },
    words: { error_kind: 'error_kind' },
  },
  {
    name: 'ao.review.submitted',
    payload: { harness: 'codex', verdict: 'changes_requested', duration_ms: 90_000, posted_to_provider: true },
    data: { harness: 'codex', verdict: 'changes_requested', duration_ms: 90_000, posted_to_provider: true },
    words: { harness: 'harness', verdict: 'verdict' },
  },
  { name: 'ao.review.cancelled', payload: { cancelled_runs: 2 }, data: { cancelled_runs: 2 }, words: {} },
  {
    name: 'ao.mobile.device_connected',
    payload: { transport: 'tailscale' },
    data: { transport: 'tailscale' },
    words: { transport: 'transport' },
  },
];
