import { type Check, healthChecks } from '../answers/health.ts';
import type { StatusAnswer } from '../answers/status.ts';
import { EXIT } from '../errors.ts';
import type { Context } from './context.ts';

/** For how long rows may wait where nobody says otherwise. */
export const DEFAULT_LIMIT = { text: '5m', ms: 300_000 } as const;

/** Answers which checks hold; the exit code says whether all do. */
export function checkHealth(
  { paths, freeSpace, out }: Context,
  answer: StatusAnswer,
  limitMs: number,
  json = false,
): void {
  const checks = healthChecks(answer, { limitMs, freeBytes: freeSpace(paths.dataDir) });
  const healthy = checks.every(({ ok }) => ok);
  out(json ? `${JSON.stringify({ ...answer, checks, healthy })}\n` : checks.map(print).join(''));
  if (!healthy) process.exitCode = EXIT.failed;
}

function print({ name, ok, expected, found, remedy }: Check): string {
  const line = `${(ok ? 'ok' : 'not ok').padEnd(8)}${name.padEnd(10)}${found}\n`;
  return ok ? line : `${line}  expected: ${expected}\n  what to do: ${remedy}\n`;
}
