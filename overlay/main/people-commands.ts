/**
 * The screen's commands about people: main asks the user for files and hands everything else to the engine as it is. A
 * failure of the engine is a value of the contract, so that the screen can show its sentence where it was asked.
 */
import type { AnyCallInput, PeopleCallName, PeopleCommandName } from '../ipc/index.ts';
import type { CommandHandlers } from './command-server.ts';

/** Commands that need a file of the user's. */
type FileCommand = 'people.backup' | 'people.restore';
type PlainCommand = Exclude<PeopleCommandName, FileCommand>;

export interface PeopleCommandsOptions {
  /** Rejects with a sentence where the engine cannot answer. */
  readonly call: <N extends PeopleCallName>(name: N, input: AnyCallInput<N>) => Promise<unknown>;
  /** Asks the user where the backup is to be written, or which one is to be read; null: neither. */
  readonly chooseBackupPath: (purpose: 'write' | 'read') => Promise<string | null>;
}

export type PeopleHandlers = Pick<CommandHandlers, PeopleCommandName>;

export function makePeopleCommands({ call, chooseBackupPath }: PeopleCommandsOptions): PeopleHandlers {
  const ask = async <N extends PeopleCallName>(name: N, input: AnyCallInput<N>): Promise<unknown> => {
    try {
      return await call(name, input);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // `groups`: an answer about a code names those that are wrong.
      return { ok: false, error: { kind: 'io', message, groups: [] } };
    }
  };
  const askWithFile = async (name: FileCommand, passphrase: string): Promise<unknown> => {
    const path = await chooseBackupPath(name === 'people.backup' ? 'write' : 'read');
    return path === null ? { ok: true, value: null } : ask(name, { passphrase, path });
  };
  const plain = <N extends PlainCommand>(name: N): ((input: AnyCallInput<N>) => Promise<unknown>) => {
    return (input) => ask(name, input);
  };
  return {
    'people.state': plain('people.state'),
    'people.set-name': plain('people.set-name'),
    'people.token-make': plain('people.token-make'),
    'people.token-revoke': plain('people.token-revoke'),
    'people.check-code': plain('people.check-code'),
    'people.ask': plain('people.ask'),
    'people.withdraw': plain('people.withdraw'),
    'people.accept': plain('people.accept'),
    'people.decline': plain('people.decline'),
    'people.block': plain('people.block'),
    'people.unblock': plain('people.unblock'),
    'people.remove': plain('people.remove'),
    'people.rename': plain('people.rename'),
    'people.confirm-words': plain('people.confirm-words'),
    'people.scope': plain('people.scope'),
    'people.nearby': plain('people.nearby'),
    'people.ask-nearby': plain('people.ask-nearby'),
    'people.check': plain('people.check'),
    'messages.page': plain('messages.page'),
    'messages.send': plain('messages.send'),
    'messages.shown': plain('messages.shown'),
    'room.make': plain('room.make'),
    'room.leave': plain('room.leave'),
    'people.backup': ({ passphrase }) => askWithFile('people.backup', passphrase),
    'people.restore': ({ passphrase }) => askWithFile('people.restore', passphrase),
  };
}
