import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandOf } from '../../../projector/host/commands.ts';

/** The tree as the daemon's own help prints it: commands, then those with subcommands. */
const LEAVES =
  'spawn send start stop status doctor version import daemon completion hooks pty-host agent-process launch supervise';
const GROUPS: Readonly<Record<string, string>> = {
  agent: 'ls',
  browser:
    'check click close console dblclick devtools dialog drag errors fill focus frame get highlight hover network open press ' +
    'screenshot scroll scrollintoview select snapshot status tab tabs type uncheck unhighlight wait',
  dev: 'import-projects',
  orchestrator: 'ls',
  pr: 'merge resolve-comments',
  preview: 'clear start status stop',
  project: 'add get ls rm set-config',
  review: 'cancel ls submit trigger',
  session: 'claim-pr cleanup get kill ls rename restore',
};
const TREE: ReadonlySet<string> = new Set([
  ...LEAVES.split(' ').map((command) => `ao ${command}`),
  ...Object.entries(GROUPS).flatMap(([group, subcommands]) => [
    `ao ${group}`,
    ...subcommands.split(' ').map((subcommand) => `ao ${group} ${subcommand}`),
  ]),
]);

test('a command of the tree is itself', () => {
  for (const command of TREE) expect(commandOf(command)).toBe(command);
});

describe('what a user typed after it falls away', () => {
  test.each([
    ['ao spawn fix my thing', 'ao spawn'],
    ['ao send web-1 please stop', 'ao send'],
    ['ao session kill web-1', 'ao session kill'],
    ['ao session web-1', 'ao session'],
    ['ao project add /home/me/secret', 'ao project add'],
    ['ao spawn kill', 'ao spawn'],
    ['ao hooks claude', 'ao hooks'],
  ])('%s is %s', (path, command) => {
    expect(commandOf(path)).toBe(command);
  });
});

describe('case and spaces do not matter', () => {
  test.each(['AO Session LS', '  ao   session\tls  ', 'ao\nsession\nls now'])('%j', (path) => {
    expect(commandOf(path)).toBe('ao session ls');
  });
});

describe('anything else is other', () => {
  test.each([
    '',
    ' ',
    'ao',
    'spawn',
    'aospawn',
    'ao fix my thing',
    'git ao spawn',
    'ao constructor',
    'ao __proto__',
    'ao toString',
  ])('%j', (path) => {
    expect(commandOf(path)).toBe('other');
  });
});

test('what comes out is other or a command of the tree, never a word of the user’s', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `ao ${text}`),
      ),
      (path) => {
        const command = commandOf(path);
        expect(command === 'other' || TREE.has(command)).toBe(true);
      },
    ),
  );
});

test('it is the longest prefix that is a command', () => {
  const known = [...TREE].flatMap((command) => command.split(' '));
  const word = fc.oneof(
    fc.constantFrom(...known),
    fc.string({ unit: fc.constantFrom('a', 'o', 'é', '-'), minLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), fc.boolean(), (words, isOurs) => {
      const path = isOurs ? ['ao', ...words] : words;
      const prefixes = [3, 2].map((length) => path.slice(0, length).join(' '));
      expect(commandOf(path.join(' '))).toBe(prefixes.find((prefix) => TREE.has(prefix)) ?? 'other');
    }),
  );
});
