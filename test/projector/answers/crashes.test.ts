import { describe, expect, test } from '@jest/globals';
import { crashes } from '../../../projector/answers/crashes.ts';
import type { Filter } from '../../../projector/answers/filter.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const answer = (write: (host: TinyHost) => TinyHost, more: Partial<Filter> = {}) =>
  asked(write, (source) => crashes(source, everything(10_000, more)));

const panic = (host: TinyHost, seconds: string) =>
  host.telemetry('ao.daemon.panic', at(seconds), {
    ...{ component: 'httpd', operation: 'http_request_panic', method: 'GET', path: '/api/v1/sessions' },
    ...{ panic_kind: 'error', stack_fingerprint: '0123456789abcdef' },
  });

/** A stop that ends and a start that restores, a crash whose start finds the session dead, and a panic. */
const eventful = (host: TinyHost) =>
  panic(
    host
      .started(at('0'))
      .created('web-1', at('1'))
      .updated('web-1', 'active', false, at('2'))
      .ended('web-1', at('100'))
      .started(at('200'))
      .idle('web-1', at('200.2'))
      .started(at('300'))
      .ended('web-1', at('300.1'))
      .idle('web-1', at('300.2')),
    '400',
  );

describe('crashes', () => {
  test('are panics, shutdowns that were none, and ends that nobody expected; oldest first', () => {
    expect(answer(eventful).crashes.map(({ at: when, name }) => [when, name])).toEqual([
      [ms(300), 'ao.daemon.shutdown_unclean'],
      [ms(300.1), 'ao.lifecycle.session_terminated_unexpected'],
      [ms(400), 'ao.daemon.panic'],
    ]);
  });

  test('are told with each start: what went before it, as far as anybody can tell, and whom it found dead', () => {
    expect(answer(eventful).starts).toEqual([
      { at: ms(0), clean: null, found_dead: 0 },
      { at: ms(200), clean: true, found_dead: 0 },
      { at: ms(300), clean: false, found_dead: 1 },
    ]);
  });

  test('within bounds, of a project, by a dimension', () => {
    const names = (more: Partial<Filter>) => answer(eventful, more).crashes.map(({ name }) => name);
    expect(names({ since: ms(400) })).toEqual(['ao.daemon.panic']);
    expect(names({ project: 'web' })).toEqual(['ao.lifecycle.session_terminated_unexpected']);
    expect(names({ project: 'api' })).toEqual([]);
    expect(answer(eventful, { by: 'name' }).breakdown).toHaveLength(3);
    expect(answer(eventful, { since: ms(250) }).starts).toHaveLength(1);
  });

  test('are none where a daemon stopped and started', () => {
    const quiet = (host: TinyHost) =>
      host
        .started(at('0'))
        .created('web-1', at('1'))
        .ended('web-1', at('100'))
        .started(at('200'))
        .idle('web-1', at('200.2'));
    expect(answer(quiet).crashes).toEqual([]);
  });
});
