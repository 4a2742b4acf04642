import { everyInAnyOrder, mostInAnyOrder } from './any.ts';
import { type Attempt, further } from './attempt.ts';
import { everyAttempt } from './every.ts';
import { furthest } from './ordered.ts';
import type { Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';
import { strictAttempts } from './strict.ts';

/** The attempts of one subject, by the rules of the question. `events` are the subject's, in its order. */
export function scan(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const { order, entry } = plan.question;
  const first = (attempt: Attempt | null) => (attempt ? [attempt] : []);
  switch (order) {
    case 'ordered':
      return entry === 'every' ? everyAttempt(plan, events) : first(furthest(plan, events));
    case 'any':
      return entry === 'every' ? everyInAnyOrder(plan, events) : first(mostInAnyOrder(plan, events));
    case 'strict': {
      const attempts = strictAttempts(plan, events);
      return entry === 'every' ? attempts : first(attempts.reduce(further, null as Attempt | null));
    }
  }
}
