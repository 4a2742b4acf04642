/** Closed vocabularies of what the daemon writes; a word outside its vocabulary becomes `other`. */

export const HARNESSES = [
  ...['claude-code', 'codex', 'aider', 'opencode', 'grok', 'droid', 'amp', 'agy', 'crush', 'cursor', 'qwen', 'copilot'],
  ...['goose', 'auggie', 'continue', 'devin', 'cline', 'kimi', 'kiro', 'kilocode', 'vibe', 'pi', 'autohand', 'fake'],
  ...['muse', 'prime-agent'],
] as const;

export const SESSION_KINDS = ['worker', 'orchestrator'] as const;
export const PROJECT_KINDS = ['single_repo', 'workspace', 'scratch'] as const;
export const ACTORS = ['user', 'agent', 'system'] as const;
export const ERROR_KINDS = ['invalid', 'not_found', 'conflict', 'internal', 'usage', 'agent_unavailable'] as const;
export const PANIC_KINDS = ['error', 'string'] as const;
export const COMPONENTS = ['session_service', 'httpd', 'cli', 'adapter'] as const;
export const OPERATIONS = ['spawn_session', 'http_request', 'http_request_panic', 'command_parse'] as const;
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
export const VERDICTS = ['approved', 'changes_requested'] as const;
export const TRANSPORTS = ['lan', 'tailscale', 'loopback'] as const;
export const CHANNELS = ['cli'] as const;
export const WAITING_STATES = ['waiting_input', 'blocked'] as const;
export const RESUMED_STATES = ['active', 'idle', 'exited'] as const;

export const ERROR_CODES = [
  ...['SESSION_NOT_FOUND', 'SESSION_NOT_RESTORABLE', 'SESSION_TERMINATED', 'SESSION_INCOMPLETE_HANDLE'],
  ...['SESSION_NOT_RESUMABLE', 'PROJECT_NOT_RESOLVABLE', 'UNKNOWN_HARNESS', 'AGENT_REQUIRED'],
  ...['BRANCH_CHECKED_OUT_ELSEWHERE', 'BRANCH_NOT_FETCHED', 'INVALID_BRANCH', 'AGENT_BINARY_NOT_FOUND'],
  ...['SCRATCH_BRANCH_UNSUPPORTED', 'RUNTIME_PREREQUISITE_MISSING', 'SESSION_MODE_UNSUPPORTED'],
  ...['CHAT_DRIVER_UNAVAILABLE', 'CHAT_DRIVER_INCOMPATIBLE', 'CHAT_AUTH_REQUIRED', 'WORKSPACE_CWD_MISMATCH'],
  ...['WORKSPACE_LOCKED', 'AGENT_EXITED', 'AGENT_NOT_EXITED', 'AGENT_RESUME_IN_PROGRESS', 'SESSION_AWAITING_DECISION'],
  ...['NATIVE_SESSION_MISSING'],
] as const;

export const REVIEW_STATUSES = ['running', 'complete', 'delivered', 'failed', 'cancelled'] as const;
export const NOTIFICATION_TYPES = ['needs_input', 'ready_to_merge', 'pr_merged', 'pr_closed_unmerged'] as const;

/** What is told of an end, and how sure that is. */
export const END_CAUSES = [
  'merged',
  'agent_exit',
  'runtime_gone',
  'daemon_stop',
  'found_dead_at_start',
  'unknown',
] as const;
export const CERTAINTIES = ['certain', 'likely'] as const;
