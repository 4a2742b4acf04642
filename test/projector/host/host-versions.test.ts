import { describe, expect, test } from '@jest/globals';
import { OBSERVED } from '../../../projections/facts.ts';
import { HostVersions } from '../../../projector/host/host-versions.ts';

const applied = (at: number, version: number) => ({ name: OBSERVED.migration, at, data: { version } });

function versions(...facts: ReturnType<typeof applied>[]): HostVersions {
  const all = new HostVersions();
  all.add(facts);
  return all;
}

describe('the version of the host when a row was written', () => {
  const upgraded = versions(applied(1_000, 19), applied(5_000, 82));

  test('is the highest that was applied by the row’s time', () => {
    expect([1_000, 4_999, 5_000, 9_000].map((at) => upgraded.at(at))).toEqual([19, 19, 82, 82]);
  });

  test('is that of the first migration before it: what was imported then was written by it', () => {
    expect(upgraded.at(999)).toBe(19);
    expect(versions(applied(1_000, 1), applied(1_000, 19), applied(1_000, 7), applied(2_000, 82)).at(0)).toBe(19);
  });

  test('does not fall when an older migration is applied late', () => {
    expect(versions(applied(1_000, 19), applied(2_000, 7)).at(3_000)).toBe(19);
  });

  test('does not depend on the order in which migrations were seen', () => {
    const late = new HostVersions();
    late.add([applied(5_000, 82)]);
    late.add([applied(1_000, 19), applied(3_000, 24)]);
    expect([0, 1_000, 3_000, 5_000].map((at) => late.at(at))).toEqual([19, 19, 24, 82]);
  });

  test('does not depend on other facts', () => {
    const all = versions(applied(1_000, 19));
    all.add([{ name: 'ao.daemon.started', at: 2_000, data: { version: 82 } }]);
    expect(all.at(3_000)).toBe(19);
  });

  test('is above all where no migration is known, so that no rule of an older host holds', () => {
    const version = new HostVersions().at(1_000);
    expect(version).toBeGreaterThan(10_000);
    expect(JSON.parse(JSON.stringify(version))).toBe(version);
  });
});
