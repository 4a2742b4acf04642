import { type OracleEvent, oracle } from '../oracle/oracle.ts';
import { derivedEvents } from './derived-events.ts';

interface Tables {
  readonly host: string;
  readonly analytics: string;
  readonly derived: string;
}

interface Readings {
  /** The derived events and the oracle's, as texts in one order. */
  readonly derived: string[];
  readonly expected: string[];
  /** Names of the derived events. */
  readonly names: string[];
}

/** @param isMeant tells by their names which events are compared */
export function againstOracle({ host, analytics, derived }: Tables, isMeant = (_: string) => true): Readings {
  const events = derivedEvents(derived, analytics, host).filter(({ name }) => isMeant(name));
  return {
    derived: events.map(comparable).sort(),
    expected: oracle(host)
      .filter(({ name }) => isMeant(name))
      .map(comparable)
      .sort(),
    names: events.map(({ name }) => name),
  };
}

export function agreesWithOracle(tables: Tables): boolean {
  const { derived, expected } = againstOracle(tables);
  return derived.join() === expected.join();
}

function comparable({ dimensions, measures, ...event }: OracleEvent): string {
  return JSON.stringify([sorted(event), sorted(dimensions), sorted(measures)]);
}

function sorted(values: object): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
