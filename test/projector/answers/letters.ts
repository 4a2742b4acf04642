import { EVENTS, type EventDefinition } from '../../../projections/vocabulary.ts';
import type { ToldAttempt } from '../../../projector/answers/funnel/asked.ts';
import {
  DEFAULTS,
  type Exclusion,
  type FunnelQuestion,
  type FunnelStep,
  type ScannedEvent,
} from '../../../projector/answers/funnel/question.ts';
import { scanned } from './scanning.ts';

const SECOND = 1_000;

/** Letters stand for events, each for one of its own. */
export function definition(letter: string): EventDefinition {
  return Object.values(EVENTS)[letter.charCodeAt(0) - 'A'.charCodeAt(0)]!;
}

/** `A > B? > C|D`: `?` is an optional step, `|` stands between alternatives. */
export function steps(text: string): FunnelStep[] {
  return text.split(' > ').map((step) => ({
    events: step.replace('?', '').split('|').map(definition),
    where: {},
    optional: step.endsWith('?'),
    gapMs: null,
  }));
}

/** `A@0 B@2.5`, in seconds; without times a second apart. */
export function events(text: string): ScannedEvent[] {
  return text.split(' ').map((event, index) => {
    const [letter = '', second = String(index)] = event.split('@');
    return { id: index + 1, definition: definition(letter), at: Math.round(Number(second) * SECOND), dimensions: {} };
  });
}

/** Letters, each so many seconds after the one before. */
export function spaced(letters: readonly (readonly [letter: string, after: number])[]): ScannedEvent[] {
  let second = 0;
  const placed = letters.map(([letter, after]) => {
    second += after;
    return `${letter}@${second}`;
  });
  return events(placed.join(' '));
}

/** A question with a window of a minute, asked an hour later. */
export function question(text: string, more: Partial<FunnelQuestion> = {}): FunnelQuestion {
  return {
    ...{ ...DEFAULTS, name: 'letters', subject: 'session', steps: steps(text) },
    ...{ windowMs: 60 * SECOND, now: 3_600 * SECOND, ...more },
  };
}

/** The one attempt of a subject, or null. */
export function furthest(asked: FunnelQuestion, happened: readonly ScannedEvent[]): ToldAttempt | null {
  return scanned(asked, happened)[0] ?? null;
}

/** How many steps the furthest attempt has come, optional ones that it left out included. */
export function level(asked: FunnelQuestion, happened: readonly ScannedEvent[]): number {
  return (furthest(asked, happened)?.level ?? -1) + 1;
}

/** The events that reached each step, as seconds; null where none did. */
export function reached(attempt: ToldAttempt | null): (number | null)[] {
  return attempt?.reached.map((event) => event && event.at / SECOND) ?? [];
}

/** Of every attempt of a subject, the events that reached its steps, as seconds. */
export function attempts(asked: FunnelQuestion, happened: readonly ScannedEvent[]): (number | null)[][] {
  return scanned(asked, happened).map(reached);
}

/** `B@1-2`: an excluded event between two steps, by their numbers. */
export function excluded(text: string): Exclusion[] {
  const [letter = '', between = ''] = text.split('@');
  const [after, before] = between.split('-').map(Number);
  return [{ events: [definition(letter)], after: after! - 1, before: before! - 1 }];
}

/** A question whose step, by its number, has a gap in seconds. */
export function withGap(asked: FunnelQuestion, number: number, seconds: number): FunnelQuestion {
  const gapMs = seconds * SECOND;
  return { ...asked, steps: asked.steps.map((step, index) => (index === number - 1 ? { ...step, gapMs } : step)) };
}
