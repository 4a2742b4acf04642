import { type Change, isPullRow, isSessionRow, type SessionRow } from './decode.ts';
import { isRuntimeGone } from './lives.ts';
import { knownPulls, observations, owningSessionAt, pullRows } from './pulls.ts';
import { type End, isBelow, type Story } from './story.ts';
import { MILLISECOND, SECOND } from './time.ts';

/** Why a session ended; the first rule that applies. */
export function endCause(story: Story, end: End): string {
  if (isMerged(story, end)) return 'merged';
  if (isFoundDead(story, end)) return 'found_dead_at_start';
  if (isBelow(story, 20, end.row.time) && (isStopBeforeStart(story, end) || isStopWithoutStart(story, end))) {
    return 'daemon_stop';
  }
  if (isRuntimeGone(story, end)) return 'runtime_gone';
  if (isBelow(story, 20, end.row.time) && isAgentExit(story, end)) return 'agent_exit';
  return 'unknown';
}

/** Its last row before is its PR reaching `merged`, for good, with no other PR of it open. */
function isMerged(story: Story, end: End): boolean {
  const last = story.changes.findLast((row) => row.seq < end.row.seq && counts(story, end, row));
  if (last === undefined || !isPullRow(last)) return false;
  const all = observations(story, last.url);
  const index = all.findIndex((observation) => observation.rows.includes(last));
  const holding = all[index]?.holding;
  if (holding === undefined || holding.state !== 'merged' || holding.seq > end.row.seq) return false;
  if (all[index - 1]?.holding.state === 'merged') return false;
  return !knownPulls(story, end.row.seq).some((url) => url !== last.url && isOpenOf(story, end, url));
}

/** Rows of the incarnation, and state and owner rows of the PRs that it owns at that row. */
function counts(story: Story, end: End, row: Change): boolean {
  if (isSessionRow(row)) return end.incarnation.rows.includes(row);
  if (isPullRow(row) || row.kind === 'pr_session_changed') {
    return owningSessionAt(story, row.url, row.seq) === end.incarnation.name;
  }
  return false;
}

function isOpenOf(story: Story, end: End, url: string): boolean {
  if (owningSessionAt(story, url, end.row.seq) !== end.incarnation.name) return false;
  const state = pullRows(story, url).findLast((row) => row.seq < end.row.seq)?.state;
  return state === 'open' || state === 'draft';
}

/** Ended and restored within 10 s after a start, with no other start in between. */
function isFoundDead(story: Story, { row, restore }: End): boolean {
  if (restore === null) return false;
  return story.starts.some(
    (start) =>
      row.time - start >= 0n &&
      row.time - start <= 10n * SECOND &&
      restore.time - start >= 0n &&
      restore.time - start <= 10n * SECOND &&
      !story.starts.some((other) => start < other && other <= row.time) &&
      !story.starts.some((other) => row.time < other && other <= restore.time),
  );
}

/** One of the ends right before a recorded start, restored at that start. */
function isStopBeforeStart(story: Story, { row, restore }: End): boolean {
  if (restore === null) return false;
  return story.starts.some(
    (start) =>
      start > row.time &&
      restore.time - start >= 0n &&
      restore.time - start <= 10n * SECOND &&
      onlyEndsFollow(story, row, start),
  );
}

/** Are all session rows between this end and the start ends too, at most 5 s apart and in a stop's order? */
function onlyEndsFollow(story: Story, end: SessionRow, start: bigint): boolean {
  const projects = [end.project];
  let last = end;
  for (;;) {
    const next = story.sessionRows.find((row) => row.seq > last.seq);
    if (next === undefined || next.time >= start) return true;
    if (!isEnd(story, next) || next.time - last.time > 5n * SECOND) return false;
    if (next.project === last.project ? numberOf(next) <= numberOf(last) : projects.includes(next.project))
      return false;
    projects.push(next.project);
    last = next;
  }
}

/** One of a run of ends that came back together, in its order, where no start is recorded in between. */
function isStopWithoutStart(story: Story, end: End): boolean {
  return story.ends.some((last) => {
    const back = comeBack(story, last);
    const first = back[0];
    if (first === undefined || back.length < 2) return false;
    if (!back.some((member) => member.row.seq === end.row.seq)) return false;
    const seqs = back.map((member) => member.restore!.seq);
    if (seqs.some((seq, index) => index > 0 && seq < seqs[index - 1]!)) return false;
    return !story.starts.some((start) => last.row.time < start && start <= first.restore!.time);
  });
}

/** The members of the run that ends here which are restored before anything ends again, in the run's order. */
function comeBack(story: Story, last: End): End[] {
  const following = story.sessionRows.find((row) => row.seq > last.row.seq);
  if (following !== undefined && isEnd(story, following)) return [];
  const nextEnd = story.ends.find((other) => other.row.seq > last.row.seq)?.row.seq ?? Number.POSITIVE_INFINITY;
  return runUpTo(story, last).filter(
    ({ restore }) => restore !== null && restore.seq > last.row.seq && restore.seq < nextEnd,
  );
}

/** Found backwards: ends directly before, at most 1 s apart, numbers ascending in a project, project by project. */
function runUpTo(story: Story, last: End): End[] {
  const run = [last];
  for (;;) {
    const first = run[0]!.row;
    const previous = story.sessionRows.findLast((row) => row.seq < first.seq);
    const end = story.ends.find((other) => other.row.seq === previous?.seq);
    if (end === undefined || first.time - end.row.time > SECOND) return run;
    const fits =
      end.row.project === first.project
        ? numberOf(end.row) < numberOf(first)
        : !run.some((member) => member.row.project === end.row.project);
    if (!fits) return run;
    run.unshift(end);
  }
}

/** A hook command stands within 5 ms before. */
function isAgentExit(story: Story, { row }: End): boolean {
  return story.telemetry.some(
    (command) =>
      command.name === 'ao.cli.invoked' &&
      command.words[0] === 'ao' &&
      command.words[1] === 'hooks' &&
      row.time - command.time >= 0n &&
      row.time - command.time <= 5n * MILLISECOND,
  );
}

function isEnd(story: Story, row: SessionRow): boolean {
  return story.ends.some((end) => end.row.seq === row.seq);
}

function numberOf(row: SessionRow): number {
  return Number(/-(\d+)$/.exec(row.session)?.[1] ?? 0);
}
