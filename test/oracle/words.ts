import type { Telemetry } from './decode.ts';

/** The closed vocabularies of failures. What is not in them is `other`; what is not said is left out. */
const WORDS = {
  harness: [
    ...['claude-code', 'codex', 'aider', 'opencode', 'grok', 'droid', 'amp', 'agy', 'crush', 'cursor', 'qwen'],
    ...['copilot', 'goose', 'auggie', 'continue', 'devin', 'cline', 'kimi', 'kiro', 'kilocode', 'vibe', 'pi'],
    ...['autohand', 'fake', 'muse', 'prime-agent'],
  ],
  kind: ['worker', 'orchestrator'],
  error_kind: ['invalid', 'not_found', 'conflict', 'internal', 'agent_unavailable', 'usage'],
  error_code: [
    ...['SESSION_NOT_FOUND', 'SESSION_NOT_RESTORABLE', 'SESSION_TERMINATED', 'SESSION_INCOMPLETE_HANDLE'],
    ...['SESSION_NOT_RESUMABLE', 'PROJECT_NOT_RESOLVABLE', 'UNKNOWN_HARNESS', 'AGENT_REQUIRED'],
    ...['BRANCH_CHECKED_OUT_ELSEWHERE', 'BRANCH_NOT_FETCHED', 'INVALID_BRANCH', 'AGENT_BINARY_NOT_FOUND'],
    ...['SCRATCH_BRANCH_UNSUPPORTED', 'RUNTIME_PREREQUISITE_MISSING', 'SESSION_MODE_UNSUPPORTED'],
    ...['CHAT_DRIVER_UNAVAILABLE', 'CHAT_DRIVER_INCOMPATIBLE', 'CHAT_AUTH_REQUIRED', 'WORKSPACE_CWD_MISMATCH'],
    ...['WORKSPACE_LOCKED', 'AGENT_EXITED', 'AGENT_NOT_EXITED', 'AGENT_RESUME_IN_PROGRESS'],
    ...['SESSION_AWAITING_DECISION', 'NATIVE_SESSION_MISSING'],
  ],
  component: ['session_service', 'httpd', 'cli', 'adapter'],
  operation: ['spawn_session', 'http_request', 'http_request_panic', 'command_parse'],
  panic_kind: ['error', 'string', 'other'],
} as const;

/** One dimension of a telemetry row, named as it is recorded or by another name. */
export function said(row: Telemetry, key: keyof typeof WORDS, name: string = key): Record<string, string> {
  const word = row.texts[key];
  if (word === undefined || word === '') return {};
  return { [name]: (WORDS[key] as readonly string[]).includes(word) ? word : 'other' };
}
