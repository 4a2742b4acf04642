import type { FactValue } from '../../../projections/facts.ts';
import type { Row } from '../../support/spec.ts';
import { fact } from '../rows.ts';

type Data = Record<string, FactValue>;

/** A spawn that the daemon recorded as failed, for whatever reason `data` says. */
export function failed(of: string, time: string, data: Data = {}): Row {
  return fact('ao.session.spawn_failed', time, of, {
    kind: 'worker',
    harness: 'codex',
    duration_ms: 500,
    error_kind: 'invalid',
    ...data,
  });
}

/** A spawn that failed inside the daemon: the server error of its request is another row. */
export function failedInside(time: string, of = 'web'): Row {
  return failed(of, time, { error_kind: 'internal' });
}

/** A server error; without a word about it that of a spawn. */
export function serverError(time: string, data: Data = {}): Row {
  return fact('ao.http.5xx', time, null, {
    component: 'httpd',
    operation: 'http_request',
    method: 'POST',
    spawn_route: true,
    error_kind: 'internal',
    ...data,
  });
}

export function panicked(time: string, request: string | null, data: Data = {}): Row {
  return fact('ao.daemon.panic', time, null, {
    component: 'httpd',
    operation: 'http_request_panic',
    panic_kind: 'error',
    request,
    ...data,
  });
}

export function usageError(command: string, time: string): Row {
  return fact('ao.cli.usage_errors', time, null, { command, error_kind: 'usage' });
}
