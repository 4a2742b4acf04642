import { type JournalFact, OBSERVED } from '../../projections/facts.ts';

/** Where no version table says otherwise, a host is taken for a new one: rules for old hosts need proof. */
const UNKNOWN_IS_NEW = Number.MAX_SAFE_INTEGER;

/** Which version of the daemon's database wrote a row: told by the row's time, so that it stays what it was after an upgrade. */
export class HostVersions {
  #steps: { readonly at: number; readonly version: number }[] = [];

  /** Takes in the migration facts among these. */
  add(facts: readonly Pick<JournalFact, 'name' | 'at' | 'data'>[]): void {
    const migrations = facts.filter(({ name }) => name === OBSERVED.migration);
    if (migrations.length === 0) return;
    const all = [...this.#steps, ...migrations.map(({ at, data }) => ({ at, version: Number(data.version) }))];
    all.sort((a, b) => a.at - b.at || a.version - b.version);
    let highest = 0;
    this.#steps = all.map(({ at, version }) => {
      highest = Math.max(highest, version);
      return { at, version: highest };
    });
  }

  /** Highest version applied by a time in milliseconds; before the first migration, that of the first. */
  at(ms: number): number {
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      if (this.#steps[i]!.at <= ms) return this.#steps[i]!.version;
    }
    const first = this.#steps[0];
    return first ? this.#steps.findLast(({ at }) => at === first.at)!.version : UNKNOWN_IS_NEW;
  }
}
