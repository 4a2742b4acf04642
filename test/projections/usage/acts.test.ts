import { describe, test } from '@jest/globals';
import { TRIGGERED } from '../../../projections/facts.ts';
import { commandKey } from '../../../projections/vocabulary.ts';
import { given } from '../../support/spec.ts';
import { created, fact, instant, invoked, project, session } from '../rows.ts';

describe.each([
  ['ao send', 'ao.send', 'send command=ao send actor=user'],
  ['ao doctor', 'ao.doctor.run', 'doctor.run command=ao doctor actor=user'],
])('%s', (command, name, line) => {
  test('is an act every time that the daemon recorded the command', () => {
    given(invoked(command, '12:00:00'), invoked(command, '12:00:00')).expectUsage([`t1 ${line}`, `t2 ${line}`]);
  });

  test('is told at its time, of the command', () => {
    given(invoked(command, '12:00:00.0019')).expectPlaces(name, [
      { at: instant('12:00:00.001').at, subject: commandKey(command), session: null, project: null },
    ]);
  });

  test('is not told by the row of activity beside it, nor by a mistake', () => {
    given(
      fact('ao.app.active', '12:00:00', null, { command, channel: 'cli' }),
      fact('ao.cli.usage_errors', '12:00:00', null, { command, error_kind: 'usage' }),
    ).expectUsage([]);
  });
});

test('who did it is said as it is recorded', () => {
  given(fact('ao.cli.invoked', '12:00:00', null, { command: 'ao send', actor: 'agent' })).expectUsage([
    't1 send command=ao send actor=agent',
  ]);
});

test('other commands are counted, and are no events', () => {
  const commands = ['ao status', 'ao spawn', 'ao hooks', 'ao session get', 'other'];
  given(...commands.map((command) => invoked(command, '12:00:00'))).expectUsage([]);
});

describe('what our triggers saw a user do', () => {
  const opened = fact(TRIGGERED.terminalOpened, '12:00:00.5', 'web');
  const raised = (type: string) => fact(TRIGGERED.notificationRaised, '12:00:01', 'web', { type });

  test('a terminal that was opened', () => {
    given(opened, opened).expectUsage(['t1 terminal.opened', 't2 terminal.opened']);
    given(opened).expectPlaces('ao.terminal.opened', [
      { at: instant('12:00:00.5').at, subject: 0, session: null, project: project('web') },
    ]);
  });

  test('a notification that was raised, and of which type', () => {
    given(raised('needs_input'), raised('pr_merged')).expectUsage([
      't1 notification.raised type=needs_input',
      't2 notification.raised type=pr_merged',
    ]);
    given(raised('other')).expectPlaces('ao.notification.raised', [
      { at: instant('12:00:01').at, subject: 0, session: null, project: project('web') },
    ]);
  });

  test('and nothing else of a session is an act', () => {
    given(
      created(1, 'web-1'),
      session(2, 'web-1', 'waiting_input'),
      fact(TRIGGERED.installed, '12:00:00'),
      fact(TRIGGERED.uninstalled, '12:00:01'),
    ).expectUsage([]);
  });
});
