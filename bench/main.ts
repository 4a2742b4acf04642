import { benchAnswers } from './answers.ts';
import { benchFunnel } from './funnel.ts';
import { benchIdle } from './idle.ts';
import { benchLatency } from './latency.ts';
import { machine } from './machine.ts';
import { benchMemory } from './memory.ts';
import { benchPage } from './page.ts';
import { benchRebuild } from './rebuild.ts';
import { benchServe } from './serve.ts';
import { benchTriggers } from './triggers.ts';
import { benchWriter } from './writer.ts';

/**
 * Measures, and says of each figure whether it is within its bound; a bound fails nothing.
 *
 *     npm run bench [-- rebuild memory latency idle writer triggers answers funnel serve page]
 */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  rebuild: benchRebuild,
  memory: benchMemory,
  latency: benchLatency,
  idle: benchIdle,
  writer: benchWriter,
  triggers: benchTriggers,
  answers: benchAnswers,
  funnel: benchFunnel,
  serve: benchServe,
  page: benchPage,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`Expected parts of ${Object.keys(PARTS).join(', ')}, got ${unknown.join(', ')}`);
  process.exit(2);
}

console.log(machine());
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) await PARTS[name]!();
