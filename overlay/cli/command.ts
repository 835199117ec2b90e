/**
 * What a command of the `lobbykeep` command line is. A command gets its parsed arguments and everything of the outside
 * world as an argument, and returns its exit code; it never touches `process`. The table of commands is
 * `commands.ts`, the arguments are parsed and the help is printed by `dispatch.ts`.
 */
import type { UnixMs } from '../../storage/index.ts';

/** Exit codes; `--help` prints this table. */
export const exitCodes = {
  fine: 0,
  /** Nothing matched, or `verify` found damage. */
  nothing: 1,
  /** The command line or the query is wrong. */
  usage: 2,
  /** The data folder cannot be opened. */
  dataFolder: 3,
  /** An input file or folder cannot be read, or the output cannot be written. */
  input: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One `--name`; `value` names what follows it in the help (`FOLDER`), null makes it a switch. */
export interface CommandOption {
  readonly value: string | null;
  readonly help: string;
}

/** The arguments of one run, checked against the command's options. */
export interface CommandArgs {
  readonly positionals: readonly string[];
  /** Whether the switch `--name` was given. */
  flag(name: string): boolean;
  /** The value of `--name VALUE`; null where it was not given. */
  text(name: string): string | null;
}

/** Where text goes. Resolves once the sink takes more; false where its reader has gone (EPIPE), then stop writing. */
export interface TextSink {
  write(text: string): Promise<boolean>;
}

export interface CommandIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly clock: () => UnixMs;
  /** `count` random bytes. */
  readonly random: (count: number) => Uint8Array;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Processor time that this process and its threads have used, ms. */
  readonly cpuMs: () => number;
  /** As of `process.platform`. */
  readonly platform: NodeJS.Platform;
  /** Resolves when the user or the system asks the program to end (Ctrl+C, SIGTERM). */
  ended(): Promise<void>;
}

export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Positional arguments as the help shows them, such as `QUERY`; empty where there are none. */
  readonly positionals: string;
  /** Paragraphs under the options in `--help`; empty where there are none. */
  readonly details: string;
  /** By name without dashes. `help` is added to each command. */
  readonly options: Readonly<Record<string, CommandOption>>;
  run(args: CommandArgs, io: CommandIo): Promise<ExitCode>;
}
