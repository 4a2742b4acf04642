import { type CheckRow, isPullRow, type PullRow, type ThreadRow } from './decode.ts';
import { eventAt, type OracleEvent } from './event.ts';
import { incarnationAt, type Story } from './story.ts';

/** Consecutive rows of one PR with the same time text. The last one holds. */
export type Observation = { rows: PullRow[]; holding: PullRow };

/** The PRs whose creation row is there, at or before this `seq`. */
export function knownPulls(story: Story, seq = Number.POSITIVE_INFINITY): string[] {
  const creations = story.changes.filter((row) => row.kind === 'pr_created' && row.seq <= seq) as PullRow[];
  return [...new Set(creations.map((row) => row.url))];
}

/** The state rows of a PR, from its creation row on. */
export function pullRows(story: Story, url: string): PullRow[] {
  const rows = story.changes.filter(isPullRow).filter((row) => row.url === url);
  const creation = rows.findIndex((row) => row.kind === 'pr_created');
  return creation === -1 ? [] : rows.slice(creation);
}

export function observations(story: Story, url: string): Observation[] {
  const found: Observation[] = [];
  for (const row of pullRows(story, url)) {
    const last = found.at(-1);
    if (last !== undefined && last.holding.text === row.text) {
      last.rows.push(row);
      last.holding = row;
    } else {
      found.push({ rows: [row], holding: row });
    }
  }
  return found;
}

/** The session id that owns a PR at a row of the log: as created, then as changed. */
export function ownerAt(story: Story, url: string, seq: number): string | null {
  const creation = pullRows(story, url)[0];
  if (creation === undefined) return null;
  const owners = story.changes.filter(
    (row) =>
      (row.kind === 'pr_created' || row.kind === 'pr_session_changed') &&
      row.url === url &&
      row.seq >= creation.seq &&
      row.seq <= seq,
  );
  return owners.at(-1)?.session ?? null;
}

/** The incarnation that owns a PR at a row of the log. */
export function owningSessionAt(story: Story, url: string, seq: number): string | null {
  const owner = ownerAt(story, url, seq);
  return owner === null ? null : (incarnationAt(story, owner, seq)?.name ?? null);
}

export function pullEvents(story: Story): OracleEvent[] {
  return knownPulls(story).flatMap((url) => [
    ...sightings(story, url),
    ...transitions(story, url),
    ...revisions(story, url),
  ]);
}

function sightings(story: Story, url: string): OracleEvent[] {
  const events: OracleEvent[] = [];
  for (const row of story.changes) {
    if (row.kind !== 'pr_created' && row.kind !== 'pr_session_changed') continue;
    if (row.url !== url || ownerAt(story, url, row.seq) === null) continue;
    const how = row.kind === 'pr_created' ? 'found' : 'claimed';
    const session = owningSessionAt(story, url, row.seq);
    events.push(eventAt(row, 'ao.pr.observed', { subject: url, session, dimensions: { how } }));
  }
  return events;
}

function transitions(story: Story, url: string): OracleEvent[] {
  const events: OracleEvent[] = [];
  const all = observations(story, url);
  all.forEach(({ holding }, index) => {
    const before = all[index - 1]?.holding;
    const session = owningSessionAt(story, url, holding.seq);
    for (const name of reached(before, holding)) events.push(eventAt(holding, name, { subject: url, session }));
  });
  return events;
}

function reached(before: PullRow | undefined, row: PullRow): string[] {
  const names: string[] = [];
  if (row.ci !== before?.ci && row.ci === 'passing') names.push('ao.pr.ci_passed');
  if (row.ci !== before?.ci && row.ci === 'failing') names.push('ao.pr.ci_failed');
  if (row.review !== before?.review && row.review === 'review_required') names.push('ao.pr.review_requested');
  if (row.review !== before?.review && row.review === 'changes_requested') names.push('ao.pr.changes_requested');
  if (row.review !== before?.review && row.review === 'approved') names.push('ao.pr.approved');
  if (row.state !== before?.state && row.state === 'merged') names.push('ao.pr.merged');
  if (row.state !== before?.state && row.state === 'closed') names.push('ao.pr.closed_unmerged');
  return names;
}

/** From each request for changes to the next decision: the first answer to it. */
function revisions(story: Story, url: string): OracleEvent[] {
  const events: OracleEvent[] = [];
  const decisions = transitions(story, url).filter(
    (event) => event.name === 'ao.pr.changes_requested' || event.name === 'ao.pr.approved',
  );
  decisions.forEach((decision, index) => {
    if (decision.name !== 'ao.pr.changes_requested') return;
    const until = decisions[index + 1]?.position ?? Number.POSITIVE_INFINITY;
    const answer = answers(story, url).find((row) => row.seq > decision.position && row.seq < until);
    if (answer === undefined) return;
    const session = owningSessionAt(story, url, answer.seq);
    events.push(eventAt(answer, 'ao.pr.revised', { subject: url, session }));
  });
  return events;
}

/** Rows that can answer a request: the first check of a commit, and a thread resolved. */
function answers(story: Story, url: string): (CheckRow | ThreadRow)[] {
  const found: (CheckRow | ThreadRow)[] = [];
  const commits = new Set<string>();
  for (const row of story.changes) {
    if (row.kind === 'pr_check_recorded' && row.url === url) {
      if (!commits.has(row.commit)) found.push(row);
      commits.add(row.commit);
    }
    if (row.kind === 'pr_review_thread_resolved' && row.url === url && row.resolved) found.push(row);
  }
  return found;
}
