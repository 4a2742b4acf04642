/** The command tree of the daemon's CLI: each command and its subcommands. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ...leaves(
    'spawn send start stop status doctor version import daemon completion hooks pty-host agent-process launch supervise',
  ),
  agent: ['ls'],
  browser: words(
    'check click close console dblclick devtools dialog drag errors fill focus frame get highlight hover network open press ' +
      'screenshot scroll scrollintoview select snapshot status tab tabs type uncheck unhighlight wait',
  ),
  dev: ['import-projects'],
  orchestrator: ['ls'],
  pr: ['merge', 'resolve-comments'],
  preview: words('clear start status stop'),
  project: words('add get ls rm set-config'),
  review: words('cancel ls submit trigger'),
  session: words('claim-pr cleanup get kill ls rename restore'),
};

/** Every command as {@link commandOf} tells it, but `other`. */
export const COMMAND_WORDS: readonly string[] = Object.entries(COMMANDS).flatMap(([command, subcommands]) => [
  `ao ${command}`,
  ...subcommands.map((subcommand) => `ao ${command} ${subcommand}`),
]);

/**
 * The longest prefix of the recorded words that is a command, else `other`: older daemons record raw words, which may be
 * anything that a user typed. `ao spawn fix my thing` is `ao spawn`.
 */
export function commandOf(path: string): string {
  const [root, command, subcommand] = path.trim().toLowerCase().split(/\s+/, 3);
  if (root !== 'ao' || command === undefined || !Object.hasOwn(COMMANDS, command)) return 'other';
  const isSubcommand = subcommand !== undefined && COMMANDS[command]!.includes(subcommand);
  return isSubcommand ? `ao ${command} ${subcommand}` : `ao ${command}`;
}

function words(text: string): string[] {
  return text.split(' ');
}

function leaves(text: string): Record<string, readonly string[]> {
  return Object.fromEntries(words(text).map((command) => [command, []]));
}
