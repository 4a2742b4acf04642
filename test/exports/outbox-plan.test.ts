import { expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Outbox } from '../../projector/exports/outbox.ts';
import { openAnalytics } from '../../projector/store/analytics.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { placesIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

test('of a storm each event finds the one that stands for its minute without a look at all that waits', () => {
  withFolder((folder) => {
    const paths = pathsOf(placesIn(folder));
    openAnalytics(paths, 0).close();
    const asked: string[] = [];
    const analytics = new SQLite(paths.analytics, { verbose: (statement) => void asked.push(String(statement)) });
    const outbox = new Outbox(analytics, '');
    const event = {
      record: { name: 'ao.send', fields: {} },
      event: 1,
      at: 60_000,
      session: null,
      project: null,
    } as const;
    outbox.addToMany(event);
    asked.length = 0;
    outbox.addToMany(event);
    const plans = asked
      .filter((statement) => statement.includes('outbox'))
      .flatMap((statement) => analytics.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).all());
    expect(plans.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^SEARCH outbox USING INDEX /));
    analytics.close();
  });
});
