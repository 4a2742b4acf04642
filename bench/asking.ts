/** Asks the page at an address without a pause, some at a time, until it is told to stop; then prints how many were answered. */
import { constants, setPriority } from 'node:os';

const AT_ONCE = 4;
const QUESTIONS = ['funnel/session', 'stuck', 'failures', 'events?limit=50', 'status', 'activity'];

// What those who ask need of the machine is not what is measured.
setPriority(constants.priority.PRIORITY_LOW);

const address = new URL(process.argv[2]!);
const headers = { Authorization: `Bearer ${address.hash.replace('#token=', '')}` };
let isStopped = false;
let answered = 0;

process.once('message', () => {
  isStopped = true;
});

async function ask(): Promise<void> {
  while (!isStopped) {
    const response = await fetch(`${address.origin}/api/v1/${QUESTIONS[answered % QUESTIONS.length]}`, { headers });
    await response.text();
    if (!response.ok) throw new Error(`Expected an answer, got ${response.status}`);
    answered += 1;
    if (answered === 1) process.send!('asking');
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, ask));
process.disconnect();
console.log(answered);
