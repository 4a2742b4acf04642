import { readdirSync } from 'node:fs';
import { Command } from 'commander';
import { packagePath } from '../../projector/store/paths.ts';

const CLI = packagePath('projector', 'cli');

/**
 * Every command that stands in what `--help` prints, those under another one included, in its words: `export status`. What only
 * groups others is none. Throws where no file of the command line adds one that is listed.
 */
export async function everyCommand(help: string): Promise<string[]> {
  const listed = [...help.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name!).filter((name) => name !== 'help');
  const program = await added();
  return listed.flatMap((name) => {
    const command = program.commands.find((one) => one.name() === name);
    if (!command) throw new Error(`Expected that a file of projector/cli adds ${name}, found none`);
    return withThoseBelow(command, [name]);
  });
}

/** Commands as the files of the command line add them, each by a function of its own. */
async function added(): Promise<Command> {
  const program = new Command();
  for (const file of readdirSync(CLI).filter((name) => name !== 'main.ts')) {
    const exported: Readonly<Record<string, unknown>> = await import(`${CLI}/${file}`);
    for (const [name, add] of Object.entries(exported)) {
      if (/^\w+Command$/.test(name) && typeof add === 'function') add(program, () => {});
    }
  }
  return program;
}

function withThoseBelow(command: Command, words: readonly string[]): string[] {
  const below = command.commands.flatMap((one) => withThoseBelow(one, [...words, one.name()]));
  const isGroup = below.length > 0 && command.options.length === 0;
  return isGroup ? below : [words.join(' '), ...below];
}
