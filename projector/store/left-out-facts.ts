import { type JournalFact, OBSERVED, TRIGGERED } from '../../projections/facts.ts';
import type { LeftOut } from '../host/left-out.ts';

/**
 * Facts that are never pruned: what is told of rows of `change_log`, however old, cannot do without them, and the daemon's
 * tables would bring them again. They are few: one a session, a project, a migration, a change of our triggers.
 */
const NEVER_PRUNED: readonly string[] = [
  OBSERVED.session,
  OBSERVED.project,
  OBSERVED.migration,
  OBSERVED.triggersLost,
  TRIGGERED.installed,
  TRIGGERED.uninstalled,
];

/** As a condition on rows of the journal. */
export const MAY_BE_PRUNED = `name NOT IN (${NEVER_PRUNED.map((name) => `'${name}'`).join(', ')})`;

/** Tells facts of the journal that are left out. */
export class LeftOutFacts {
  /** As a condition on rows of the journal. */
  readonly condition: string;
  readonly #sessions: ReadonlySet<string>;
  readonly #projects: ReadonlySet<number>;
  readonly #before: number;
  readonly #projectsBefore: number;

  constructor({ sessions, projects, factsBefore, projectsBefore }: LeftOut) {
    this.#sessions = new Set(sessions);
    this.#projects = new Set(projects);
    this.#before = factsBefore;
    this.#projectsBefore = projectsBefore;
    const conditions: string[] = [];
    if (sessions.length > 0) conditions.push(`session IS NOT NULL AND session IN (${sessions.map(quote).join(', ')})`);
    if (projects.length > 0) conditions.push(`project IS NOT NULL AND project IN (${projects.join(', ')})`);
    if (factsBefore > 0) conditions.push(`at < ${factsBefore} AND ${MAY_BE_PRUNED}`);
    if (projectsBefore > 0) conditions.push(`at < ${projectsBefore} AND name = '${OBSERVED.project}'`);
    this.condition = conditions.length === 0 ? 'FALSE' : conditions.map((one) => `(${one})`).join(' OR ');
  }

  has({ name, at, project, session }: Pick<JournalFact, 'name' | 'at' | 'project' | 'session'>): boolean {
    return (
      (project !== null && this.hasProject(project)) ||
      (session !== null && this.hasSession(session)) ||
      (at < this.#before && !NEVER_PRUNED.includes(name)) ||
      (at < this.#projectsBefore && name === OBSERVED.project)
    );
  }

  hasProject(key: number): boolean {
    return this.#projects.has(key);
  }

  hasSession(hash: string): boolean {
    return this.#sessions.has(hash);
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
