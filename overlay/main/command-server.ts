/**
 * The gate of the screen's commands: sender, name and shape are checked before anything is done. A bad message is
 * counted and answered with a sentence. Electron's types stay outside, so that the gate is tested as it is.
 */
import * as v from 'valibot';
import { commandSchemas } from '../ipc/index.ts';
import type { CommandInput, CommandName, CommandOutput, PeopleCommandName } from '../ipc/index.ts';

/** Commands of the log and of people: main hands their answers on as the engine gives them. */
export type EngineCommand = Extract<CommandName, `log.${string}`> | PeopleCommandName;

/** What acts on the commands. */
export type CommandHandlers = {
  readonly [N in Exclude<CommandName, EngineCommand>]: (
    input: CommandInput<N>,
  ) => CommandOutput[N] | Promise<CommandOutput[N]>;
} & { readonly [N in EngineCommand]: (input: CommandInput<N>) => Promise<unknown> };

/** Any of them, by name. */
type Handlers = { readonly [N in CommandName]: (input: CommandInput<N>) => unknown };

export class CommandServer {
  readonly #handlers: Handlers;
  #refused = 0;

  constructor(handlers: CommandHandlers) {
    this.#handlers = handlers;
  }

  /** Messages that were not of the contract, or not from the overlay's own page. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * @param trusted whether the message came from the main frame of the overlay's own page.
   * @throws TypeError with a sentence where the message is refused.
   */
  async answer(trusted: boolean, name: unknown, input: unknown): Promise<unknown> {
    if (!trusted) return this.#refuse('Expected the overlay page as sender but received another frame');
    if (!isCommandName(name)) {
      // Not `String(name)`: an object without a prototype has no text, and would throw.
      const shown = typeof name === 'string' ? name.slice(0, 60) : typeof name;
      return this.#refuse(`Expected a command of the contract but received ${shown}`);
    }
    return this.#run(name, this.#handlers[name], input);
  }

  async #run<N extends CommandName>(name: N, handler: Handlers[N], input: unknown): Promise<unknown> {
    const parsed = v.safeParse(commandSchemas[name], input);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const where = v.getDotPath(issue) ?? 'its input';
      return this.#refuse(`Expected the shape of ${name} for ${where} but received another: ${issue.message}`);
    }
    return handler(parsed.output);
  }

  #refuse(message: string): never {
    this.#refused += 1;
    throw new TypeError(message);
  }
}

function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commandSchemas, name);
}
