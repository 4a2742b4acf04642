import { describe, test } from '@jest/globals';
import { given, type Row } from '../../support/spec.ts';
import { instant } from '../rows.ts';
import { failed, failedInside, panicked, serverError } from './rows.ts';

const envelope = (position: number) =>
  `t${position} daemon.error_envelope component=httpd operation=http_request error_kind=internal`;
const panic = (position: number) =>
  `t${position} daemon.panic component=httpd operation=http_request_panic panic_kind=error`;

/** The error envelopes alone, by their position in the journal. */
const expectEnvelopes = (rows: Row[], positions: number[]) => {
  given(...rows).expectPlaces(
    'ao.daemon.error_envelope',
    positions.map((position) => {
      const row = rows[position - 1]!;
      return { at: 'journal' in row ? row.journal.at : 0, subject: 0, session: null, project: null };
    }),
  );
};

describe('a server error', () => {
  test('is a failure of the install, every time', () => {
    given(serverError('12:00:00'), serverError('12:00:00.5')).expectFailures([envelope(1), envelope(2)]);
    expectEnvelopes([serverError('12:00:00.0019')], [1]);
  });

  test('has a code where the daemon gave one, and no kind where it did not', () => {
    given(serverError('12:00:00', { error_kind: null, error_code: 'WORKSPACE_LOCKED' })).expectFailures([
      't1 daemon.error_envelope component=httpd operation=http_request error_code=WORKSPACE_LOCKED',
    ]);
  });
});

describe('a panic', () => {
  test('is told once, however its request ended', () => {
    given(panicked('12:00:00', 'r1')).expectFailures([panic(1)]);
    given(panicked('12:00:00', 'r1'), serverError('12:00:00.001', { request: 'r1' })).expectFailures([panic(1)]);
  });

  test('takes the error of its request back where that row comes first', () => {
    given(serverError('12:00:00.001', { request: 'r1' }), panicked('12:00:00', 'r1')).expectFailures([panic(2)]);
  });

  test('leaves the errors of other requests alone', () => {
    given(
      serverError('12:00:00', { request: 'r1' }),
      panicked('12:00:00', 'r2'),
      serverError('12:00:00', { request: 'r3' }),
    ).expectFailures([envelope(1), panic(2), envelope(3)]);
  });

  test('and those without a request', () => {
    given(serverError('12:00:00'), panicked('12:00:00', null), serverError('12:00:00')).expectFailures([
      envelope(1),
      panic(2),
      envelope(3),
    ]);
  });

  test('is of the install, at its time', () => {
    given(panicked('12:00:00.0019', 'r1')).expectPlaces('ao.daemon.panic', [
      { at: instant('12:00:00.001').at, subject: 0, session: null, project: null },
    ]);
  });

  test('of an adapter is told as such, and as no other', () => {
    given(panicked('12:00:00', 'r1', { component: 'adapter' })).expectFailures([
      't1 adapter.panic component=adapter operation=http_request_panic panic_kind=error',
    ]);
  });
});

describe('the server error of a spawn that failed inside the daemon is that failure', () => {
  test('whichever row comes first', () => {
    expectEnvelopes([failedInside('12:00:00'), serverError('12:00:00.3')], []);
    expectEnvelopes([serverError('12:00:00.3'), failedInside('12:00:00')], []);
  });

  test('at most 1 s after it, to the nanosecond, and never before it', () => {
    for (const error of ['12:00:00', '12:00:01']) expectEnvelopes([failedInside('12:00:00'), serverError(error)], []);
    for (const error of ['12:00:01.000000001', '11:59:59.999999999']) {
      expectEnvelopes([failedInside('12:00:00'), serverError(error)], [2]);
      expectEnvelopes([serverError(error), failedInside('12:00:00')], [1]);
    }
  });

  test('where it is a POST of the route of spawns, of kind internal', () => {
    for (const other of [{ method: 'GET' }, { spawn_route: false }, { error_kind: 'conflict' }, { error_kind: null }]) {
      expectEnvelopes([failedInside('12:00:00'), serverError('12:00:00.3', other)], [2]);
      expectEnvelopes([serverError('12:00:00.3', other), failedInside('12:00:00')], [1]);
    }
  });

  test('where the failure was internal', () => {
    expectEnvelopes([failed('web', '12:00:00'), serverError('12:00:00.3')], [2]);
  });

  test('and no second one', () => {
    const errors = [serverError('12:00:00.1'), serverError('12:00:00.2')];
    expectEnvelopes([failedInside('12:00:00'), ...errors], [3]);
    expectEnvelopes([...errors, failedInside('12:00:00')], [2]);
    expectEnvelopes([errors[0]!, failedInside('12:00:00'), errors[1]!], [3]);
  });

  test('the nearest of several', () => {
    const errors = [serverError('12:00:00.9'), serverError('12:00:00.2')];
    expectEnvelopes([...errors, failedInside('12:00:00')], [1]);
  });

  test('one for each of two failures', () => {
    const failures = [failedInside('12:00:00'), failedInside('12:00:00.1', 'api')];
    const errors = [serverError('12:00:00.2'), serverError('12:00:00.3')];
    expectEnvelopes([...failures, ...errors], []);
    expectEnvelopes([...errors, ...failures], []);
    expectEnvelopes([failures[0]!, errors[0]!, errors[1]!, failures[1]!], []);
    expectEnvelopes([...failures, errors[0]!], []);
  });
});
