import { expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { pathsOf } from '../../../projector/store/paths.ts';
import { TinyHost } from '../../oracle/tiny.ts';
import { hostPath, placesIn, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const OLD = '2020-01-02 03:04:05 +0000 UTC';

/** A time some days ago, as the daemon writes it. */
function daysAgo(days: number): string {
  return `${new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

test('`run` prunes what is older than 400 days when it is quiet, and answers that reach back say so', async () => {
  await withHost(async (folder) => {
    const env = { ...tiersOn(folder), AO_PROJECTOR_RETENTION: '' };
    expect(await journaled(env, folder)).toEqual(['ao.daemon.started', 'ao.cli.invoked', 'ao.daemon.started']);
    const run = projector(env, 'run');
    await run.says('Pruning the journal.');
    await run.says('The rebuilt tables are current now.');
    expect(await run.stop()).toMatchObject({ code: 0 });
    expect(names(folder)).toEqual(['ao.daemon.started']);
    const again = projector(env, 'run');
    await again.says('Tailing');
    const { stderr } = await again.stop();
    expect(stderr).not.toContain('Rebuilding first');

    const usage = await projector(env, 'usage').ended;
    expect(usage.stdout).toMatch(/\nnote: facts before \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ are no longer kept; .*\n$/);
    for (const question of ['usage', 'events', 'activity', 'crashes']) {
      expect((await projector(env, question).ended).stdout).toContain('are no longer kept');
      expect((await projector(env, question, '--since', '30d').ended).stdout).not.toContain('are no longer kept');
    }
    const { as_of } = JSON.parse((await projector(env, 'usage', '--json').ended).stdout);
    expect(Math.round((Date.now() - as_of.pruned_before) / DAY_MS)).toBe(400);
  });
});

test('AO_PROJECTOR_RETENTION says how old facts may become', async () => {
  await withHost(async (folder) => {
    const env = { ...tiersOn(folder), AO_PROJECTOR_RETENTION: '2w' };
    await journaled(env, folder);
    const run = projector(env, 'run');
    await run.says('The rebuilt tables are current now.');
    await run.stop();
    expect(names(folder)).toEqual([]);
    for (const wrong of ['soon', '0d', '23h']) {
      const refused = await projector({ ...env, AO_PROJECTOR_RETENTION: wrong }, 'run').ended;
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('AO_PROJECTOR_RETENTION') });
    }
  });
});

test('where nothing is old nothing is pruned, and nothing said', async () => {
  await withFolder(async (folder) => {
    new TinyHost(hostPath(folder)).started(daysAgo(30)).close();
    const env = tiersOn(folder);
    await journaled(env, folder);
    const usage = await projector(env, 'usage', '--json').ended;
    expect(JSON.parse(usage.stdout).as_of.pruned_before).toBeNull();
    expect((await projector(env, 'usage').ended).stdout).not.toContain('are no longer kept');
  });
});

async function withHost(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const host = new TinyHost(hostPath(folder))
      .started(OLD)
      .telemetry('ao.cli.invoked', OLD, { command: 'x', command_path: 'ao send' })
      .started(daysAgo(30));
    try {
      await use(folder);
    } finally {
      host.close();
    }
  });
}

/** Derives all there is. Returns the names of the telemetry that was journaled. */
async function journaled(env: Record<string, string>, folder: string): Promise<string[]> {
  expect(await projector(env, 'rebuild').ended).toMatchObject({ code: 0 });
  return names(folder);
}

function names(folder: string): string[] {
  const analytics = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
  try {
    return analytics
      .prepare<[], string>("SELECT name FROM journal WHERE name LIKE 'ao.%' ORDER BY position")
      .pluck()
      .all();
  } finally {
    analytics.close();
  }
}
