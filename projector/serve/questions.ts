/** A command that answers, as the command line has it. */
export interface Described {
  /** Its name, after the names of the commands that it stands under. */
  readonly words: readonly string[];
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly options: readonly DescribedOption[];
}

/** What stands behind the name of a command. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  /** Null where anything may stand. */
  readonly choices: readonly string[] | null;
}

export interface DescribedOption {
  /** Without dashes. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly variadic: boolean;
  readonly choices: readonly string[] | null;
}

/** A request that no command answers: what was expected, and what was found. */
export class NoSuchQuestion extends Error {
  override readonly name = 'NoSuchQuestion';
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(`Expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

/**
 * The words of the command line that ask what an address asks: its path names the command and what stands behind it, and its query
 * the options. Only what is described gets through, and a value can never be taken for an option.
 */
export function wordsOf(
  described: readonly Described[],
  path: readonly string[],
  query: Readonly<Record<string, readonly string[]>>,
): string[] {
  const command = commandOf(described, path);
  const values = path.slice(command.words.length);
  checkParameters(command, values);
  const options = Object.entries(query).flatMap(([name, given]) => optionWords(command, name, given));
  return [...command.words, ...options, '--json', '--', ...values];
}

/** The command with the longest name that the path begins with. */
function commandOf(described: readonly Described[], path: readonly string[]): Described {
  const named = described.filter(({ words }) => words.every((word, index) => word === path[index]));
  const [command] = named.sort((a, b) => b.words.length - a.words.length);
  if (command) return command;
  const known = described.map(({ words }) => words.join('/')).join(', ');
  throw new NoSuchQuestion(`one of ${known}`, path.join('/') || 'nothing');
}

function checkParameters({ words, parameters }: Described, values: readonly string[]): void {
  const most = parameters.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : parameters.length;
  if (values.length > most)
    throw new NoSuchQuestion(`at most ${most} words behind ${words.join('/')}`, values.join('/'));
  for (const [index, value] of values.entries()) {
    const { name, choices } = parameters[Math.min(index, parameters.length - 1)]!;
    if (choices && !choices.includes(value)) throw new NoSuchQuestion(`${name}: one of ${choices.join(', ')}`, value);
  }
}

function optionWords({ words, options }: Described, name: string, given: readonly string[]): string[] {
  const option = options.find((one) => one.name === name);
  if (!option) {
    const known = options.map((one) => one.name).join(', ') || 'no options';
    throw new NoSuchQuestion(`${words.join('/')} with ${known}`, name);
  }
  if (!option.takesValue) return [`--${name}`];
  if (!option.variadic && given.length > 1) throw new NoSuchQuestion(`${name} once`, `${given.length} of it`);
  return given.map((value) => `--${name}=${value}`);
}
