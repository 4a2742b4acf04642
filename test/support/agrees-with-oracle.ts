import { oracle } from '../oracle/oracle.ts';
import { derivedEvents } from './derived-events.ts';

interface Tables {
  readonly host: string;
  readonly analytics: string;
  readonly derived: string;
}

/** The derived events and the oracle's, as texts in one order. */
export function againstOracle({ host, analytics, derived }: Tables): { derived: string[]; expected: string[] } {
  return {
    derived: derivedEvents(derived, analytics, host).map(comparable).sort(),
    expected: oracle(host).map(comparable).sort(),
  };
}

export function agreesWithOracle(tables: Tables): boolean {
  const { derived, expected } = againstOracle(tables);
  return derived.join() === expected.join();
}

function comparable(event: object): string {
  return JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)));
}
