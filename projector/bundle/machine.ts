import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { PROJECTIONS } from '../../projections/index.ts';
import type { StatusAnswer } from '../answers/status.ts';
import { parseTimestamp } from '../host/timestamp.ts';
import { parseObject } from '../host/values.ts';
import { version } from '../store/version.ts';

/** `status --json` without paths, and with the codes of problems instead of their texts. */
export function bundledStatus({ host, ...answer }: StatusAnswer) {
  const { now, as_of, tiers, waiting, streams, rejected, unknown_types, gaps, rolled_back_like_gaps } = answer;
  const { last_commit_at, derived_bytes, lease, projections, poorer_without } = answer;
  const { schema_version, probed, triggers, problem_code, other_history } = host;
  return {
    ...{ now, as_of, tiers, waiting, streams, rejected, unknown_types, gaps, rolled_back_like_gaps },
    ...{ last_commit_at, derived_bytes, lease, projections, poorer_without },
    host: { schema_version, probed, triggers, problem_code, is_other_history: other_history !== null },
  };
}

/** Of the daemon's run file what is no secret; null where there is none. */
export function bundledRunFile(path: string) {
  const read = parseObject(textOf(path)) ?? null;
  if (!read) return null;
  const started = typeof read.startedAt === 'string' ? parseTimestamp(read.startedAt) : null;
  return {
    pid: wholeNumber(read.pid),
    port: wholeNumber(read.port),
    startedAt: started && new Date(started.at).toISOString(),
  };
}

export function bundledVersions() {
  const memory = new SQLite(':memory:');
  try {
    const sqlite = memory.prepare<[], string>('SELECT sqlite_version()').pluck().get()!;
    const { version: node, platform, arch } = process;
    return { ao_projector: version(), node, sqlite, platform, arch, projections: PROJECTIONS };
  } finally {
    memory.close();
  }
}

function wholeNumber(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
