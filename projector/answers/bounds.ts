import { EXIT, ProjectorError } from '../errors.ts';

/** A time as users write it: `2026-06-18`, `2026-06-18T12:00:00Z`, or milliseconds. */
export function parseTime(text: string): number {
  const ms = /^\d{12,}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw invalidTime(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A bound as users write it: a time, or a span such as `30d` back from `now`. */
export function parseBound(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const span = spanOf(text);
  return span === null ? parseTime(text) : now - span;
}

/** A span as users write it, such as `30d`, in milliseconds. */
export function parseSpan(text: string): number {
  const span = spanOf(text);
  if (span !== null) return span;
  throw new ProjectorError(
    {
      code: 'span_invalid',
      message: `${JSON.stringify(text)} is not a span of time.`,
      expected: 'a whole number and a unit: s, m, h, d or w',
      found: JSON.stringify(text),
      remedy: 'Write, for example, --within 7d or --gap 36h.',
    },
    EXIT.usage,
  );
}

/** A span such as `30d`, in milliseconds; null for any other text. */
export function spanOf(text: string): number | null {
  const span = /^(\d+)([smhdw])$/.exec(text);
  return span && Number(span[1]) * UNITS[span[2]!]!;
}

function invalidTime(text: string): ProjectorError {
  return new ProjectorError(
    {
      code: 'time_invalid',
      message: `${JSON.stringify(text)} is not a time.`,
      expected: 'an ISO date or time, milliseconds since 1970, or a span such as 12h, 30d or 4w',
      found: JSON.stringify(text),
      remedy: 'Write, for example, 30d or 2026-06-01.',
    },
    EXIT.usage,
  );
}
