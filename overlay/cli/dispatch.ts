/** Finds the command, checks its arguments against its options, prints the help. */
import { parseArgs } from 'node:util';
import { exitCodes } from './command.ts';
import type { Command, CommandArgs, CommandIo, CommandOption, ExitCode } from './command.ts';

const exitHelp = `Exit codes: 0 fine; 1 nothing found, or verify found damage; 2 the command line or the query is wrong;
3 the data folder cannot be opened; 4 an input cannot be read or an output cannot be written.`;
const environmentHelp = 'LOBBYKEEP_PASSPHRASE in the environment opens a log that is locked by a passphrase.';

function optionLine(name: string, option: CommandOption): string {
  const left = option.value === null ? `--${name}` : `--${name} ${option.value}`;
  return `  ${left.padEnd(28)} ${option.help}\n`;
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => optionLine(name, option));
  const usage = ['lobbykeep', command.name, command.positionals, '[options]'].filter((part) => part !== '').join(' ');
  const details = command.details === '' ? '' : `\n${command.details}\n`;
  return (
    `${usage}\n\n${command.summary}\n\nOptions:\n${options.join('')}` +
    `${optionLine('help', { value: null, help: 'print this' })}${details}\n${environmentHelp}\n${exitHelp}\n`
  );
}

/** The help of all. */
export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}\n`);
  return (
    `lobbykeep COMMAND [options]\n\nReads recorded chat into the log, and reads the log.\n\nCommands:\n${rows.join('')}\n` +
    `lobbykeep COMMAND --help tells more.\n\n${environmentHelp}\n${exitHelp}\n`
  );
}

class UsageError extends Error {}

function parseCommandArgs(command: Command, words: readonly string[]): CommandArgs & { readonly help: boolean } {
  const options: Record<string, { type: 'boolean' | 'string' }> = { help: { type: 'boolean' } };
  for (const [name, option] of Object.entries(command.options)) {
    options[name] = { type: option.value === null ? 'boolean' : 'string' };
  }
  let parsed;
  try {
    parsed = parseArgs({ args: separate(command, words), options, allowPositionals: true, strict: true });
  } catch (error) {
    // parseArgs throws TypeErrors with codes ERR_PARSE_ARGS_*, whose messages are meant for users.
    if (error instanceof TypeError)
      throw new UsageError(error.message.split('. ')[0] ?? error.message, { cause: error });
    throw error;
  }
  const { values, positionals } = parsed;
  if (command.positionals === '' && positionals.length > 0) {
    throw new UsageError(`Expected no argument for ${command.name} but received "${positionals[0] ?? ''}"`);
  }
  return {
    positionals,
    help: values['help'] === true,
    flag: (name) => values[name] === true,
    text: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : null;
    },
  };
}

/**
 * In a query, `-word` excludes; parseArgs would take it for a cluster of short options. There are no short options
 * here, so a word with a single dash is always a positional; parseArgs takes it as one behind `--`.
 */
function separate(command: Command, words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const before = end === -1 ? words : words.slice(0, end);
  const options: string[] = [];
  const positionals: string[] = [];
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (!word.startsWith('--')) {
      positionals.push(word);
      continue;
    }
    options.push(word);
    const option = command.options[word.slice(2)];
    const value = before[at + 1];
    if (option !== undefined && option.value !== null && value !== undefined && !value.startsWith('--')) {
      options[options.length - 1] = `${word}=${value}`;
      at += 1;
    }
  }
  return [...options, '--', ...positionals, ...(end === -1 ? [] : words.slice(end + 1))];
}

/** Runs `words` (the command line behind the program's name) and returns the exit code. */
export async function dispatch(
  commands: readonly Command[],
  words: readonly string[],
  io: CommandIo,
): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const text = generalHelp(commands);
    await (name === undefined ? io.stderr : io.stdout).write(text);
    return name === undefined ? exitCodes.usage : exitCodes.fine;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    await io.stderr.write(`There is no command "${name}". lobbykeep --help lists them.\n`);
    return exitCodes.usage;
  }
  try {
    const args = parseCommandArgs(command, rest);
    if (args.help) {
      await io.stdout.write(commandHelp(command));
      return exitCodes.fine;
    }
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await io.stderr.write(`${error.message}. lobbykeep ${name} --help tells more.\n`);
    return exitCodes.usage;
  }
}
