import type { Source } from '../source.ts';

/** Identity of the fact at a position of the journal. */
export function identityAt({ analytics }: Pick<Source, 'analytics'>, position: number): string {
  const identity = analytics.prepare<[number], string>('SELECT identity FROM journal WHERE position = ?').pluck();
  return identity.get(position) ?? '';
}
