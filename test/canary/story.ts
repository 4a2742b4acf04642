import type { HostDatabase } from '../../fixtures/daemon/schema.ts';
import type { Tokens } from './secrets.ts';
import { plantChanges, plantTelemetry } from './streams.ts';
import type { Ids, Planter } from './tables.ts';

/** Plants secrets everywhere, and lets happen what makes events of every kind; returns the raw ids. */
export function plantEverything(db: HostDatabase, planter: Planter, tokens: Tokens, clock: Clock): string[] {
  const lawful = planter.plant({ lawful: true, time: () => clock.next() });
  const zoned = planter.plant({
    lawful: true,
    time: () => clock.next().replace('+0000 UTC', `+0530 ${tokens.secret()} m=+12.345678901`),
  });
  const lawless = planter.plant({ lawful: false, time: () => tokens.secret() });
  const story = happen(db, tokens, lawful.project, clock);
  if (hasTelemetry(db)) plantTelemetry(db, tokens, lawful, () => clock.next());
  plantChanges(db, tokens, story, () => clock.next());
  plantChanges(db, tokens, zoned, () => clock.next());
  return [lawful, zoned, lawless, story].flatMap(({ project, session, pull }) => [project, session, pull]);
}

/** Half a minute passes from one row to the next. */
export class Clock {
  #now = Date.UTC(2026, 5, 18, 8);

  next(): string {
    this.#now += 30_250;
    return `${new Date(this.#now).toISOString().slice(0, -1).replace('T', ' ')} +0000 UTC`;
  }
}

function hasTelemetry(db: HostDatabase): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'telemetry_event'").get() !== undefined;
}

/** A session and its PR from the seed to the end and back, beside a seed that is rolled back; secrets wherever a text may stand. */
function happen(db: HostDatabase, tokens: Tokens, project: string, clock: Clock): Ids {
  const session = `${tokens.rawId()}-8`;
  const pull = `https://github.com/${tokens.rawId()}/pull/8`;
  const run = (sql: string, ...values: (string | number)[]) => db.prepare(sql).run(...values);
  const secret = () => tokens.secret();
  const seed = (id: string, number: number) => {
    const now = clock.next();
    run(
      `INSERT INTO sessions (id, project_id, num, issue_id, kind, harness, activity_last_at, created_at, updated_at, display_name)
       VALUES (?, ?, ?, ?, 'worker', 'codex', ?, ?, ?, ?)`,
      ...[id, project, number, secret(), now, now, now, secret()],
    );
  };
  const becomes = (activity: string, terminated = 0, last = '') => {
    const now = clock.next();
    run(
      `UPDATE sessions SET activity_state = ?, is_terminated = ?, activity_last_at = ?, updated_at = ?,
         first_signal_at = coalesce(first_signal_at, ?) WHERE id = ?`,
      ...[activity, terminated, last || now, now, now, session],
    );
  };
  const observed = (state: string, ci: string, review: string) =>
    run(
      'UPDATE pr SET pr_state = ?, ci_state = ?, review_decision = ?, title = ?, updated_at = ? WHERE url = ?',
      ...[state, ci, review, secret(), clock.next(), pull],
    );

  seed(session, 8);
  run(
    `UPDATE sessions SET branch = ?, workspace_path = ?, runtime_handle_id = ?, agent_session_id = ?, prompt = ? WHERE id = ?`,
    ...[secret(), secret(), secret(), secret(), secret(), session],
  );
  becomes('active');
  becomes('waiting_input');
  for (let i = 0; i < 70; i++) clock.next();
  becomes('active');
  run(
    'INSERT INTO pr (url, session_id, number, title, updated_at) VALUES (?, ?, 8, ?, ?)',
    ...[pull, session, secret(), clock.next()],
  );
  for (const ci of ['failing', 'pending', 'failing', 'pending', 'failing', 'passing']) observed('open', ci, 'none');
  observed('open', 'passing', 'review_required');
  observed('open', 'passing', 'changes_requested');
  run(
    'INSERT INTO pr_checks (pr_url, name, commit_hash, log_tail, created_at) VALUES (?, ?, ?, ?, ?)',
    ...[pull, secret(), secret(), secret(), clock.next()],
  );
  observed('open', 'passing', 'approved');
  observed('merged', 'passing', 'approved');
  becomes('idle');
  becomes('exited', 1, clock.next().replace('+0000 UTC', `+0530 ${secret()} m=+12.345678901`));
  becomes('idle');
  becomes('waiting_input');

  const rolledBack = `${tokens.rawId()}-9`;
  seed(rolledBack, 9);
  run('DELETE FROM change_log WHERE session_id = ?', rolledBack);
  run('DELETE FROM sessions WHERE id = ?', rolledBack);
  run('UPDATE projects SET archived_at = ? WHERE id = ?', clock.next(), project);
  run('UPDATE projects SET archived_at = NULL, display_name = ? WHERE id = ?', secret(), project);
  return { project, session, pull };
}
