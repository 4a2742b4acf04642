import { describe, test } from '@jest/globals';
import { HostVersions } from '../../../projector/host/host-versions.ts';
import { given } from '../../support/spec.ts';
import { created, ended, fact, hook, idle, invoked } from '../rows.ts';

const born = created(1, 'web-1');
const end = ended(2, 'web-1', '12:00:30.005');

describe('an end is an agent’s exit', () => {
  test('where a hook command stands within 5 ms before it, to the nanosecond', () => {
    given(born, hook('12:00:30.003'), end).expectCauses({ 2: 'agent_exit' });
    given(born, hook('12:00:30'), end).expectCauses({ 2: 'agent_exit' });
    given(born, hook('12:00:30.005'), end).expectCauses({ 2: 'agent_exit' });
    given(born, hook('12:00:29.999999999'), end).expectCauses({ 2: 'unknown' });
    given(born, hook('12:00:30.005000001'), end).expectCauses({ 2: 'unknown' });
  });

  test('below v20; newer agents exit and leave their session open', () => {
    const ends = (host: number) => given(born, hook('12:00:30.003'), ended(2, 'web-1', '12:00:30.005', { host }));
    ends(19).expectCauses({ 2: 'agent_exit' });
    ends(20).expectCauses({ 2: 'unknown' });
  });

  test('also after it was restored', () => {
    given(born, hook('12:00:30.003'), end, idle(3, 'web-1', '12:01:00')).expectCauses({ 2: 'agent_exit' });
  });
});

describe('an end is unknown', () => {
  test('beside any other command, and nobody is blamed', () => {
    for (const command of ['ao session', 'ao session kill', 'ao stop', 'other']) {
      given(born, invoked(command, '12:00:30.003'), end).expectCauses({ 2: 'unknown' });
    }
  });

  test('beside the same command in a row of another name', () => {
    given(born, fact('ao.app.active', '12:00:30.003', null, { command: 'ao hooks' }), end).expectCauses({
      2: 'unknown',
    });
  });

  test('where nothing applies', () => {
    given(born, end).expectCauses({ 2: 'unknown' });
  });
});

test('one hook may stand before two ends', () => {
  given(
    born,
    created(2, 'web-2'),
    hook('12:00:30'),
    ended(3, 'web-1', '12:00:30.001'),
    ended(4, 'web-2', '12:00:30.002'),
  ).expectCauses({ 3: 'agent_exit', 4: 'agent_exit' });
});

test('where no version is known no rule of an older host holds, before and after a restart', () => {
  const host = new HostVersions().at(0);
  given(born, hook('12:00:30.003'), ended(2, 'web-1', '12:00:30.005', { host })).expectCauses({ 2: 'unknown' });
});
