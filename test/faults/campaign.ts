import { parseArgs } from 'node:util';
import { Random } from '../../fixtures/random.ts';
import { removeCompiled } from './failing-files.ts';
import { type Extent, type Tried, tryFault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { writePage } from './page.ts';

/**
 * Provokes every fault of the list and says what came of it; exits with 1 where anything was lost.
 *
 *     npm run test:faults [-- --short] [--seed N] [--only WORDS]
 *
 * A whole campaign writes its table into `docs/faults.md`; a short one, and one of some faults only, writes nothing.
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20260618' },
    /** Only faults that are named with these words. */
    only: { type: 'string', default: '' },
  },
});

const extent: Extent = values.short ? 'short' : 'whole';
const seed = Number(values.seed);
const began = performance.now();
const seconds = () => ((performance.now() - began) / 1000).toFixed(0).padStart(4);
const faults = FAULTS.filter(({ name }) => name.includes(values.only));
const campaign: Tried[] = [];
const waiting = [...faults.entries()];

/** Tries one fault after the other until none is left. Most of the time is spent on waiting for processes. */
async function lane(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [index, fault] = next;
    const tried = await tryFault(fault, { extent, random: new Random(seed + index) });
    campaign[index] = tried;
    console.log(`${seconds()} s  ${fault.name}`);
    for (const [outcome, times] of tried.found) console.log(`        ${times} x ${outcome}`);
    if (tried.unavailable !== null) console.log(`        not tried here: ${tried.unavailable}`);
    if (tried.lost !== null) console.log(`        NOT AS EXPECTED, ${tried.lost}`);
  }
}

await Promise.all([lane(), lane()]);
removeCompiled();
const lost = campaign.filter((tried) => tried.lost !== null);
console.log(`${seconds()} s  ${campaign.length} faults, ${lost.length} not as expected`);
if (extent === 'whole' && values.only === '') writePage(campaign, { seed, seconds: Number(seconds()) });
process.exit(lost.length > 0 ? 1 : 0);
