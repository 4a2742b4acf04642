import type { Command } from 'commander';
import type { Described } from '../serve/questions.ts';

/** What may not be asked of a command elsewhere: by the words of the command, or by those of any. */
export interface LeftOut {
  /** Commands that change something, or answer nothing themselves. */
  readonly commands: readonly string[];
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** What alone may stand for an argument, by the first word of the command. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

const ANY = 'any';

/** The commands of a program with what stands behind them, but for what is left out. */
export function describedBy(program: Command, leftOut: LeftOut, words: readonly string[] = []): Described[] {
  return program.commands.flatMap((command) => {
    const own = [...words, command.name()];
    const below = describedBy(command, leftOut, own);
    return leftOut.commands.includes(own.join(' ')) ? below : [describe(command, own, leftOut), ...below];
  });
}

function describe(command: Command, words: readonly string[], { options, choices }: LeftOut): Described {
  const without = [...(options[ANY] ?? []), ...(options[words.join(' ')] ?? [])];
  return {
    words,
    description: command.description(),
    parameters: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      required: argument.required,
      variadic: argument.variadic,
      choices: choices[words[0]!] ?? argument.argChoices ?? null,
    })),
    options: optionsOf(command)
      .filter((option) => option.long !== undefined && !without.includes(option.long.slice(2)))
      .map(({ long, description, required, optional, variadic, argChoices }) => ({
        name: long!.slice(2),
        description,
        takesValue: required || optional,
        variadic,
        choices: argChoices ?? null,
      })),
  };
}

/** A command that stands under another one has the options of that, too. */
function optionsOf(command: Command): Command['options'] {
  const { parent } = command;
  return parent?.parent ? [...command.options, ...optionsOf(parent)] : command.options;
}
