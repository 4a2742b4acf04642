import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { EXIT } from '../../projector/errors.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { projector, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { at, parseXml, plistValue } from '../support/xml.ts';

jest.setTimeout(60_000);

const FILES = readdirSync(packagePath('docs', 'services'));
const read = (...path: string[]) => readFileSync(packagePath('docs', ...path), 'utf8');
const service = (name: string) => read('services', name);

/** Keys of a systemd unit with their values, by section; throws at a line that is none. */
function unit(name: string): Record<string, Record<string, string[]>> {
  const sections: Record<string, Record<string, string[]>> = {};
  let section = '';
  for (const line of service(name).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const heading = /^\[(\w+)\]$/.exec(line);
    if (heading) {
      section = heading[1]!;
      sections[section] = {};
      continue;
    }
    const setting = /^(\w+)=(.+)$/.exec(line);
    if (!setting || !sections[section]) throw new Error(`Expected a setting, found ${line}`);
    sections[section]![setting[1]!] = [...(sections[section]![setting[1]!] ?? []), setting[2]!];
  }
  return sections;
}

interface LaunchAgent {
  readonly Label: string;
  readonly EnvironmentVariables: Readonly<Record<string, string>>;
  readonly ProgramArguments: readonly string[];
  readonly KeepAlive: object;
}

const launchAgent = () => plistValue(at(parseXml(service('dev.ao-projector.plist')), 'dict')) as LaunchAgent;
const scheduledTask = () => parseXml(service('ao-projector.xml'));

/** What each file starts. */
const STARTED = {
  'ao-projector.service': () => unit('ao-projector.service').Service!.ExecStart!.join(),
  'ao-projector-check.service': () => unit('ao-projector-check.service').Service!.ExecStart!.join(),
  'dev.ao-projector.plist': () => launchAgent().ProgramArguments.join(' '),
  'ao-projector.xml': () => at(scheduledTask(), 'Actions', 'Exec', 'Arguments').text,
};

test('every example is looked at here, and told of on the page', () => {
  expect([...Object.keys(STARTED), 'ao-projector-check.timer'].sort()).toEqual([...FILES].sort());
  const page = read('services.md');
  for (const file of FILES) expect(page).toContain(file);
});

test.each(Object.entries(STARTED))('what %s starts is there, flags too', async (_, started) => {
  const [, command, flags] = /ao-projector(?:\.cmd)? ([a-z]+)((?: --[a-z-]+)*)/.exec(started())!;
  const { code, stdout } = await projector({}, command!, '--help').ended;
  expect([code, stdout]).toEqual([0, expect.stringContaining(`Usage: ao-projector ${command} `)]);
  for (const flag of flags!.split(' ').filter(Boolean)) expect(stdout).toMatch(new RegExp(`^ +${flag}\\b`, 'm'));
});

test.each(FILES.filter((file) => !file.endsWith('.timer')))('%s switches analytics on, by names that exist', (file) => {
  const names = [...new Set(service(file).match(/\bAO_[A-Z_]+/g))];
  expect(names).toContain('AO_TELEMETRY_METRICS');
  const readme = readFileSync(packagePath('README.md'), 'utf8');
  for (const name of names) expect(readme).toContain(`| \`${name}\` |`);
});

describe('what does not pass by itself is not started again', () => {
  const STAY_DOWN = [EXIT.usage, EXIT.anotherInstance];

  test('by systemd', () => {
    const { Service } = unit('ao-projector.service');
    expect(Service).toMatchObject({ Restart: ['on-failure'], RestartPreventExitStatus: [STAY_DOWN.join(' ')] });
  });

  test('by launchd, which restarts all but success', () => {
    const { KeepAlive, ProgramArguments } = launchAgent();
    expect(KeepAlive).toEqual({ SuccessfulExit: false });
    const [shell, ...args] = ProgramArguments;
    for (const code of Object.values(EXIT)) {
      withStandIn(`exit ${code}`, (env) => {
        const expected = STAY_DOWN.some((one) => one === code) ? 0 : code;
        expect([code, spawnSync(shell!, args, { env }).status]).toEqual([code, expected]);
      });
    }
  });

  test('by Task Scheduler, which restarts all but success', () => {
    expect(at(scheduledTask(), 'Settings', 'RestartOnFailure', 'Count').text).toBe('5');
    expect(STARTED['ao-projector.xml']()).toContain(
      `if errorlevel ${EXIT.usage} if not errorlevel ${EXIT.anotherInstance + 1} exit 0`,
    );
  });
});

test('a stop by launchd reaches the process, which is waited for', async () => {
  const waits = 'trap "touch $HOME/stopped; exit 0" TERM; touch $HOME/began; while [ -e $HOME ]; do sleep 0.01; done';
  await withStandIn(waits, async (env) => {
    const [shell, ...args] = launchAgent().ProgramArguments;
    const agent = spawn(shell!, args, { env });
    const ended = new Promise((resolve) => agent.on('exit', resolve));
    await until(() => existsSync(join(env.HOME, 'began')));
    agent.kill('SIGTERM');
    expect([await ended, existsSync(join(env.HOME, 'stopped'))]).toEqual([0, true]);
  });
});

/** Runs with a shell script in the place of `ao-projector`, in a home of its own. */
function withStandIn<T>(script: string, use: (env: { HOME: string; PATH: string }) => T): T {
  return withFolder((folder) => {
    mkdirSync(join(folder, 'Library', 'Logs'), { recursive: true });
    const path = join(folder, 'ao-projector');
    writeFileSync(path, `#!/bin/sh\n[ "$*" = run ] || exit 9\n${script}\n`);
    chmodSync(path, 0o755);
    return use({ HOME: folder, PATH: `${folder}:${process.env.PATH}` });
  });
}

test.each([
  '<a><b></a>',
  '<a>',
  '<a/><b/>',
  '<a>&nonsense;</a>',
  '<a>1 & 2</a>',
  '<a x="1" x="2"/>',
  '<a x=1/>',
  '<a><!-- -- --></a>',
  'text',
])('%s is not taken for XML', (text) => {
  expect(() => parseXml(text)).toThrow('Expected');
});
