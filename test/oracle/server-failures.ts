import type { Telemetry } from './decode.ts';
import { eventOf, type OracleEvent } from './event.ts';
import type { Story } from './story.ts';
import { SECOND } from './time.ts';
import { said } from './words.ts';

export function serverFailures(story: Story): OracleEvent[] {
  const panics = story.telemetry.filter((row) => row.name === 'ao.daemon.panic');
  const responses = story.telemetry.filter((row) => row.name === 'ao.http.5xx');
  const alone = responses.filter((row) => !panics.some((panic) => row.request !== '' && panic.request === row.request));
  const ofSpawns = responsesOfSpawns(story, alone);
  return [
    ...panics.map((row) => {
      const name = row.texts.component === 'adapter' ? 'ao.adapter.panic' : 'ao.daemon.panic';
      return failure(row, name, said(row, 'panic_kind'));
    }),
    ...alone
      .filter((row) => !ofSpawns.includes(row))
      .map((row) =>
        failure(row, 'ao.daemon.error_envelope', { ...said(row, 'error_kind'), ...said(row, 'error_code') }),
      ),
  ];
}

/** The responses that go with internal spawn failures: at most 1 s after one, the nearest first, each used once. */
function responsesOfSpawns(story: Story, responses: Telemetry[]): Telemetry[] {
  const failures = story.telemetry.filter(
    (row) => row.name === 'ao.session.spawn_failed' && row.texts.error_kind === 'internal',
  );
  const ofSpawnRoute = responses.filter(
    ({ texts }) => texts.method === 'POST' && texts.path === '/api/v1/sessions' && texts.error_kind === 'internal',
  );
  const pairs = failures
    .flatMap((failed) => ofSpawnRoute.map((response) => ({ failed, response, after: response.time - failed.time })))
    .filter(({ after }) => after >= 0n && after <= SECOND)
    .sort((one, other) => Number(one.after - other.after));
  const used: Telemetry[] = [];
  for (const { failed, response } of pairs) {
    if (!used.includes(failed) && !used.includes(response)) used.push(failed, response);
  }
  return used;
}

function failure(row: Telemetry, name: string, dimensions: Record<string, string>): OracleEvent {
  return eventOf(row, name, {
    subject: 'install',
    dimensions: { ...said(row, 'component'), ...said(row, 'operation'), ...dimensions },
  });
}
