import { endCause } from './causes.ts';
import type { SessionRow } from './decode.ts';
import { eventAt, type OracleEvent } from './event.ts';
import { type Life, launchMs, lifeOf, wasLaunched } from './lives.ts';
import { type End, type Incarnation, isBelow, type Story, steps } from './story.ts';
import { MILLISECOND, type Nanoseconds, SECOND, toMilliseconds } from './time.ts';

export function sessionEvents(story: Story): OracleEvent[] {
  const events: OracleEvent[] = [];
  for (const incarnation of story.incarnations) {
    if (incarnation.retracted) continue;
    const life = lifeOf(story, incarnation);
    if (life ? !wasLaunched(life, incarnation) : isLateFailure(story, incarnation)) continue;
    const measures = life ? { duration_ms: launchMs(life, incarnation) } : {};
    events.push(of(incarnation, incarnation.rows[0]!, 'ao.session.spawned', {}, measures));
    events.push(...(life ? seenSignal(life, incarnation) : firstSignal(story, incarnation)));
    events.push(...waits(incarnation));
    events.push(...agentExits(incarnation));
    events.push(...kills(story, incarnation));
    events.push(...restores(story, incarnation));
  }
  return events;
}

/** `exited, terminated` first thing after the creation, beside a `spawn_failed` of the project. */
function isLateFailure(story: Story, { rows }: Incarnation): boolean {
  const [birth, first] = rows;
  if (birth === undefined || first === undefined) return false;
  if (first.activity !== 'exited' || !first.terminated) return false;
  return story.telemetry.some(
    (failure) =>
      failure.name === 'ao.session.spawn_failed' &&
      failure.project === birth.project &&
      failure.durationMs !== null &&
      failure.time - first.time >= 0n &&
      failure.time - first.time <= SECOND &&
      failure.time - birth.time <= BigInt(failure.durationMs + 100) * MILLISECOND,
  );
}

function firstSignal(story: Story, incarnation: Incarnation): OracleEvent[] {
  for (const [before, row] of steps(incarnation)) {
    const undoesEnd = before.terminated && !row.terminated;
    const changes = row.activity !== before.activity && row.activity !== 'exited' && !undoesEnd;
    const repeats =
      row.activity === before.activity &&
      row.terminated === before.terminated &&
      row.previewUrl === before.previewUrl &&
      row.previewRevision === before.previewRevision;
    if (changes || (repeats && isBelow(story, 24, row.time))) return [of(incarnation, row, 'ao.session.first_signal')];
  }
  return [];
}

/** The row of the moment that a trigger saw, or the trigger's own fact where no row has that time. */
function seenSignal({ signal }: Life, incarnation: Incarnation): OracleEvent[] {
  if (signal === null) return [];
  const name = 'ao.session.first_signal';
  const step = steps(incarnation).find(
    ([before, row]) => row.time === signal.time && !(before.terminated && !row.terminated),
  );
  if (step) return [of(incarnation, step[1], name)];
  const { time, rowid: position } = signal;
  const who = { subject: incarnation.name, session: incarnation.name };
  return [{ name, at: toMilliseconds(time), stream: 'telemetry', position, ...who, dimensions: {}, measures: {} }];
}

function waits(incarnation: Incarnation): OracleEvent[] {
  const events: OracleEvent[] = [];
  let entered: SessionRow | null = null;
  for (const row of incarnation.rows) {
    const waiting = row.activity === 'waiting_input' || row.activity === 'blocked';
    if (waiting && entered === null) {
      entered = row;
      events.push(of(incarnation, row, 'ao.session.waiting_input_entered'));
    } else if (!waiting && entered !== null) {
      const dwell = Math.max(0, toMilliseconds(row.time) - toMilliseconds(entered.time));
      entered = null;
      events.push(of(incarnation, row, 'ao.session.waiting_input_exited', {}, { dwell_ms: dwell }));
    }
  }
  return events;
}

function agentExits(incarnation: Incarnation): OracleEvent[] {
  const events: OracleEvent[] = [];
  for (const [before, row] of steps(incarnation)) {
    if (before.terminated || row.terminated || before.activity === row.activity) continue;
    if (row.activity === 'exited') events.push(of(incarnation, row, 'ao.session.agent_exited'));
    if (before.activity === 'exited') events.push(of(incarnation, row, 'ao.session.agent_resumed'));
  }
  return events;
}

function kills(story: Story, incarnation: Incarnation): OracleEvent[] {
  return story.ends
    .filter((end) => end.incarnation.name === incarnation.name)
    .map((end) => of(incarnation, end.row, 'ao.session.killed', dimensionsOf(story, end)));
}

/** Newer hosts take a runtime down before they mark a user's kill, so there the mark is likely only. */
function dimensionsOf(story: Story, end: End): Record<string, string> {
  const cause = endCause(story, end);
  if (cause !== 'runtime_gone') return { end_cause: cause };
  return { end_cause: cause, certainty: isBelow(story, 20, end.row.time) ? 'certain' : 'likely' };
}

function restores(story: Story, incarnation: Incarnation): OracleEvent[] {
  const events: OracleEvent[] = [];
  for (const [before, row] of steps(incarnation)) {
    if (!before.terminated || row.terminated) continue;
    const undone = story.ends.find((end) => end.restore?.seq === row.seq);
    const afterStop = undone !== undefined && endCause(story, undone) === 'daemon_stop';
    const how = afterStop || followsStart(story, row.time) ? 'daemon' : 'other';
    events.push(of(incarnation, row, 'ao.session.restored', { how }));
  }
  return events;
}

function followsStart(story: Story, time: Nanoseconds): boolean {
  return story.starts.some((start) => time - start >= 0n && time - start <= 10n * SECOND);
}

function of(
  { name }: Incarnation,
  row: SessionRow,
  event: string,
  dimensions: Record<string, string> = {},
  measures: Record<string, number> = {},
): OracleEvent {
  return eventAt(row, event, { subject: name, session: name, dimensions, measures });
}
