import { expect, test } from '@jest/globals';
import { causes, OTHER, URL } from './asked.ts';
import { at, type TinyHost } from './tiny.ts';

test('an end is a merge where the merge is the last word before it', () => {
  const start = (host: TinyHost) => host.created('a-1', at('0')).found(URL, 'a-1', at('1'));
  const merged = { state: 'merged' };
  const end = (host: TinyHost) => host.ended('a-1', at('4'));
  expect(causes((host) => end(start(host).pull(URL, 'a-1', at('2'), merged)), 82)).toEqual({ 4: 'merged' });
  expect(causes((host) => end(host.created('a-1', at('0')).found(URL, 'a-1', at('1'), merged)))).toEqual({
    3: 'merged',
  });
  const check = (host: TinyHost) => start(host).pull(URL, 'a-1', at('2'), merged).check(URL, 'a-1', 'c', at('3'));
  expect(causes((host) => end(check(host)))).toEqual({ 5: 'merged' });
  const signal = (host: TinyHost) => start(host).pull(URL, 'a-1', at('2'), merged).idle('a-1', at('3'));
  expect(causes((host) => end(signal(host)))).toEqual({ 5: 'unknown' });
  const again = (host: TinyHost) =>
    start(host).pull(URL, 'a-1', at('2'), merged).pull(URL, 'a-1', at('3'), { state: 'merged', ci: 'passing' });
  expect(causes((host) => end(again(host)))).toEqual({ 5: 'unknown' });
  const open = (host: TinyHost) => start(host).found(OTHER, 'a-1', at('1')).pull(URL, 'a-1', at('2'), merged);
  expect(causes((host) => end(open(host)))).toEqual({ 5: 'unknown' });
  const closed = (host: TinyHost) =>
    start(host).found(OTHER, 'a-1', at('1'), { state: 'closed' }).pull(URL, 'a-1', at('2'), merged);
  expect(causes((host) => end(closed(host)))).toEqual({ 5: 'merged' });
  const late = (host: TinyHost) => end(start(host).pull(URL, 'a-1', at('2'), merged)).pull(URL, 'a-1', at('2'), merged);
  expect(causes(late)).toEqual({ 4: 'unknown' });
  const taken = (host: TinyHost) =>
    start(host)
      .created('a-2', at('1'))
      .found(OTHER, 'a-2', at('1'), { state: 'closed' })
      .pull(URL, 'a-1', at('2'), merged)
      .claimed(OTHER, 'a-2', 'a-1', at('3'));
  expect(causes((host) => end(taken(host)))).toEqual({ 7: 'unknown' });
});

test('found dead: ended and restored within 10 s after one start', () => {
  const story = (started: string, restored: string, second = '0') =>
    causes(
      (host) =>
        host
          .started(at(second))
          .started(at(started))
          .created('a-1', at('1'))
          .ended('a-1', at('20'))
          .idle('a-1', at(restored)),
      82,
    );
  expect(story('19', '21')).toEqual({ 2: 'found_dead_at_start' });
  expect(story('20', '30')).toEqual({ 2: 'found_dead_at_start' });
  expect(story('20', '30.000000001')).toEqual({ 2: 'unknown' });
  expect(story('20.000000001', '21')).toEqual({ 2: 'unknown' });
  expect(story('19', '21', '21')).toEqual({ 2: 'unknown' });
  expect(story('19', '21', '21.1')).toEqual({ 2: 'found_dead_at_start' });
  expect(story('19', '14', '5')).toEqual({ 2: 'unknown' });
});

test('a daemon stop: the ends right before a start, in order, restored at it', () => {
  const born = (host: TinyHost) => host.created('a-2', at('1')).created('a-10', at('1')).created('b-1', at('1'));
  const back = (host: TinyHost) => host.idle('b-1', at('31')).idle('a-2', at('32')).idle('a-10', at('40.000000001'));
  const stopped = (host: TinyHost) =>
    back(born(host).ended('a-2', at('20')).ended('a-10', at('25')).ended('b-1', at('26')).started(at('30')));
  expect(causes(stopped)).toEqual({ 4: 'daemon_stop', 5: 'unknown', 6: 'daemon_stop' });
  expect(causes(stopped, 20)).toEqual({ 4: 'unknown', 5: 'unknown', 6: 'unknown' });
  const slow = (host: TinyHost) =>
    back(born(host).ended('a-2', at('20')).ended('a-10', at('25.000000001')).ended('b-1', at('26')).started(at('30')));
  expect(causes(slow)).toEqual({ 4: 'unknown', 5: 'unknown', 6: 'daemon_stop' });
  const disordered = (host: TinyHost) =>
    back(born(host).ended('a-10', at('20')).ended('a-2', at('21')).ended('b-1', at('22')).started(at('30')));
  expect(causes(disordered)).toEqual({ 4: 'unknown', 5: 'daemon_stop', 6: 'daemon_stop' });
  const mixed = (host: TinyHost) =>
    back(born(host).ended('a-2', at('20')).ended('b-1', at('21')).ended('a-10', at('22')).started(at('30')));
  expect(causes(mixed)).toEqual({ 4: 'unknown', 5: 'daemon_stop', 6: 'unknown' });
  const between = (host: TinyHost) =>
    back(born(host).ended('a-2', at('20')).created('b-2', at('20')).ended('b-1', at('21')).started(at('30')));
  expect(causes(between)).toEqual({ 4: 'unknown', 6: 'daemon_stop' });
  const touching = (host: TinyHost) => host.created('a-1', at('1')).ended('a-1', at('30')).started(at('30'));
  expect(causes((host) => touching(host).idle('a-1', at('31')))).toEqual({ 2: 'found_dead_at_start' });
  expect(causes((host) => touching(host).created('a-2', at('30')))).toEqual({ 2: 'unknown' });
  const followed = (host: TinyHost) => host.created('a-1', at('1')).ended('a-1', at('20')).created('a-2', at('30'));
  expect(causes((host) => followed(host).started(at('30')).idle('a-1', at('31')))).toEqual({ 2: 'daemon_stop' });
  expect(causes((host) => followed(host).started(at('30.1')).idle('a-1', at('31')))).toEqual({ 2: 'unknown' });
});

test('a daemon stop whose start is not recorded: at least two come back, in order', () => {
  const stop = (host: TinyHost, last = '22') =>
    host
      .created('a-1', at('1'))
      .created('a-2', at('1'))
      .created('b-1', at('1'))
      .ended('a-1', at('20'))
      .ended('a-2', at('21'))
      .ended('b-1', at(last));
  const all = { 4: 'daemon_stop', 5: 'daemon_stop', 6: 'daemon_stop' };
  const none = { 4: 'unknown', 5: 'unknown', 6: 'unknown' };
  expect(causes((host) => stop(host).idle('a-1', at('50')).idle('a-2', at('51')).idle('b-1', at('52')))).toEqual(all);
  expect(causes((host) => stop(host).idle('a-1', at('50')).idle('b-1', at('51')))).toEqual({ ...all, 5: 'unknown' });
  expect(causes((host) => stop(host).idle('a-2', at('50')).idle('a-1', at('51')).idle('b-1', at('52')))).toEqual(none);
  expect(causes((host) => stop(host).idle('a-1', at('50')).ended('a-1', at('51')).idle('b-1', at('52')))).toEqual({
    ...none,
    8: 'unknown',
  });
  expect(causes((host) => stop(host, '22.1').idle('a-1', at('50')).idle('b-1', at('51')))).toEqual(none);
  const started = (when: string) =>
    causes((host) => stop(host).started(at(when)).idle('a-1', at('50')).idle('a-2', at('51')));
  expect(started('39')).toEqual(none);
  expect(started('22')).toEqual({ ...all, 6: 'unknown' });
  expect(started('50.1')).toEqual({ ...all, 6: 'unknown' });
});

test('a run whose start is not recorded goes project by project, numbers ascending', () => {
  const story = (first: string, second: string, third: string) =>
    causes((host) =>
      [first, second, third].reduce(
        (written, id) => written.idle(id, at('50')),
        [first, second, third].reduce(
          (written, id) => written.ended(id, at('20')),
          host.created('a-2', at('1')).created('a-10', at('1')).created('b-1', at('1')),
        ),
      ),
    );
  expect(story('a-2', 'a-10', 'b-1')).toEqual({ 4: 'daemon_stop', 5: 'daemon_stop', 6: 'daemon_stop' });
  expect(story('b-1', 'a-2', 'a-10')).toEqual({ 4: 'daemon_stop', 5: 'daemon_stop', 6: 'daemon_stop' });
  expect(story('a-2', 'b-1', 'a-10')).toEqual({ 4: 'unknown', 5: 'daemon_stop', 6: 'daemon_stop' });
  expect(story('b-1', 'a-10', 'a-2')).toEqual({ 4: 'unknown', 5: 'unknown', 6: 'unknown' });
});

test('a stop that no start has followed yet is unknown', () => {
  expect(
    causes((host) =>
      host.created('a-1', at('1')).created('a-2', at('1')).ended('a-1', at('20')).ended('a-2', at('20.03')),
    ),
  ).toEqual({ 3: 'unknown', 4: 'unknown' });
});

test('an agent exit stands within 5 ms after a hook command, below v20', () => {
  const hook = (when: string, path = 'AO   hooks claude', version = 19) =>
    causes(
      (host) =>
        host
          .telemetry('ao.cli.invoked', at(when), { command_path: path })
          .created('a-1', at('1'))
          .ended('a-1', at('20.005')),
      version,
    );
  expect(hook('20')).toEqual({ 2: 'agent_exit' });
  expect(hook('20.005')).toEqual({ 2: 'agent_exit' });
  expect(hook('19.999999999')).toEqual({ 2: 'unknown' });
  expect(hook('20.005000001')).toEqual({ 2: 'unknown' });
  expect(hook('20', 'ao hook')).toEqual({ 2: 'unknown' });
  expect(hook('20', 'ao hooks', 20)).toEqual({ 2: 'unknown' });
});
