import type { Activity, ChangeFact, FactValue, PullObserved } from '../../projections/facts.ts';
import { OBSERVED, SCRATCH_PROJECT } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import type { Row } from '../support/spec.ts';

/** A row of `change_log` comes a second after the one before, where it is not told when. */
const usual = (seq: number): string => new Date(seq * 1000).toISOString().slice(11, 19).replace('00', '12');

/** `12:34:56.789012345`, of the day of all stories; another day stands before it. */
export function instant(text: string): Instant {
  const [clock = '', day = '2026-06-18'] = text.split(' ').reverse();
  const [seconds, fraction = ''] = clock.split('.');
  const nanos = Number(fraction.padEnd(9, '0'));
  const ms = Math.floor(nanos / 1e6);
  return { at: Date.parse(`${day}T${seconds}Z`) + ms, nanos: nanos - ms * 1e6 };
}

/** Key of a project: of letters alone, so that each name has its own. */
export function project(name: string): number {
  return name === 'scratch' ? SCRATCH_PROJECT : Number.parseInt(name, 36);
}

const projectOf = (session: string): number => project(session.replace(/-\d+$/, ''));

type Of<Type extends ChangeFact['type']> = Partial<Extract<ChangeFact, { type: Type }>>;

const change = (fact: ChangeFact): Row => ({ change: fact });

export function created(seq: number, session: string, time = usual(seq), more: Of<'session_created'> = {}): Row {
  const base = { type: 'session_created', seq, ...instant(time), project: projectOf(session), session } as const;
  return change({ ...base, activity: 'idle', terminated: false, ...more });
}

export function session(
  seq: number,
  id: string,
  activity: Activity,
  time = usual(seq),
  more: Of<'session_updated'> = {},
): Row {
  const base = { type: 'session_updated', seq, ...instant(time), project: projectOf(id), session: id } as const;
  return change({ ...base, activity, terminated: false, preview: '', host: 19, ...more });
}

export function ended(seq: number, id: string, time?: string, more: Of<'session_updated'> = {}): Row {
  return session(seq, id, 'exited', time, { terminated: true, ...more });
}

/** Back to idle: a restore when the session had ended. */
export function idle(seq: number, id: string, time?: string, more: Of<'session_updated'> = {}): Row {
  return session(seq, id, 'idle', time, more);
}

export function chatted(seq: number, id: string, time = usual(seq)): Row {
  return change({ type: 'session_chatted', seq, ...instant(time), project: projectOf(id), session: id });
}

/** Rows of one PR at one time are one observation. */
export function pull(
  seq: number,
  url: string,
  owner: string,
  more: Partial<PullObserved> = {},
  time = usual(seq),
): Row {
  const base = { type: 'pr_updated', seq, ...instant(time), time, project: projectOf(owner), url } as const;
  return change({ ...base, session: owner, state: 'open', ci: 'unknown', review: 'none', ...more });
}

export function found(seq: number, url: string, owner: string, more: Partial<PullObserved> = {}, time?: string): Row {
  return pull(seq, url, owner, { type: 'pr_created', ...more }, time);
}

export function claimed(seq: number, url: string, toSession: string, time = usual(seq)): Row {
  return change({ type: 'pr_session_changed', seq, ...instant(time), project: projectOf(toSession), url, toSession });
}

export function check(seq: number, url: string, commit: string, time = usual(seq)): Row {
  return change({ type: 'pr_check_recorded', seq, ...instant(time), project: project('web'), url, commit });
}

export function thread(seq: number, url: string, time = usual(seq)): Row {
  return change({ type: 'pr_review_thread_added', seq, ...instant(time), project: project('web'), url });
}

export function resolved(seq: number, url: string, isResolved = true, time = usual(seq)): Row {
  const base = { type: 'pr_review_thread_resolved', seq, ...instant(time), project: project('web') } as const;
  return change({ ...base, url, resolved: isResolved });
}

/** The creation row of this number is gone, with all session rows of its incarnation. */
export function vanished(born: number): Row {
  return { vanished: born };
}

/** A fact of the journal. */
export function fact(name: string, time: string, of: string | null = null, data: Record<string, FactValue> = {}): Row {
  return { journal: { name, ...instant(time), project: of === null ? null : project(of), session: null, data } };
}

/** The daemon started, and its telemetry says so. */
export function started(time: string): Row {
  return fact('ao.daemon.started', time, null, { agent: 'claude-code' });
}

export function hook(time: string): Row {
  return invoked('ao hooks', time);
}

export function invoked(command: string, time: string): Row {
  return fact('ao.cli.invoked', time, null, { command });
}

export function spawnFailed(of: string, time: string, durationMs: number): Row {
  return fact('ao.session.spawn_failed', time, of, { duration_ms: durationMs, error_kind: 'internal' });
}

export function projectCreated(of: string, time: string): Row {
  return fact('ao.projects.created', time, of, { kind: 'single_repo', has_git_remote: true });
}

export function projectSeen(of: string, registered: string, kind = 'single_repo'): Row {
  return fact(OBSERVED.project, registered, of, { kind, has_git_remote: true });
}

/** Applied at this time; seen whenever the journal says. */
export function migrated(time: string): Row {
  return fact(OBSERVED.migration, time, null, { version: 19 });
}

/** What a trigger recorded of the incarnation of a session that was created then. */
export function seen(name: string, id: string, born: string, time: string, data: Record<string, FactValue> = {}): Row {
  const { at, nanos } = instant(born);
  const created = { created_at: at, created_nanos: nanos };
  return { journal: { name, ...instant(time), project: projectOf(id), session: id, data: { ...created, ...data } } };
}
