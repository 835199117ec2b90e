/**
 * How a command asks about people: of the program that has the data folder open (the overlay, or `peer serve`), else by opening
 * the folder itself, without sockets: what is to be sent then waits until one of the two runs.
 */
import { performance } from 'node:perf_hooks';
import { makeEntryIds, openLog } from '../../../storage/index.ts';
import type { Log, Result } from '../../../storage/index.ts';
import { connectControl } from '../../engine/control/control-client.ts';
import { controlPath } from '../../engine/control/control-path.ts';
import { writeWhole } from '../../engine/export-file.ts';
import { callPeople } from '../../engine/people/call-people.ts';
import { PeopleService } from '../../engine/people/people-service.ts';
import type { PeopleServiceOptions } from '../../engine/people/people-service.ts';
import type { PeopleCommandOutput } from '../../ipc/index.ts';
import { exitCodes } from '../command.ts';
import type { CommandArgs, CommandIo, ExitCode } from '../command.ts';
import { defaultDataFolder, logFolder } from '../data-folder.ts';

/** Asks as the screen does. Its answers are this build's own, so they are taken as the contract says. */
export type AskPeople = <N extends keyof PeopleCommandOutput>(
  name: N,
  input: unknown,
) => Promise<PeopleCommandOutput[N]>;

export function dataFolderOf(args: CommandArgs, io: CommandIo): string {
  return args.text('data') ?? defaultDataFolder(io);
}

/** Runs `use` with a way to ask; 3 where the folder cannot be opened. */
export async function withPeople(
  args: CommandArgs,
  io: CommandIo,
  use: (ask: AskPeople) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = dataFolderOf(args, io);
  const client = await connectControl(controlPath(folder, io.platform));
  if (client !== null) {
    try {
      return await use(toAsk((name, input) => client.call(name, input)));
    } finally {
      client.close();
    }
  }
  const opened = await openForWriting(folder, io);
  if (!opened.ok) {
    await io.stderr.write(`${opened.error}\n`);
    return exitCodes.dataFolder;
  }
  const service = await openService(opened.value, io, { sockets: null, emit: () => {} });
  try {
    return await use(toAsk((name, input) => callPeople(service, name, input)));
  } finally {
    await service.close();
    await opened.value.close();
  }
}

/** The error is a sentence. */
export async function openForWriting(folder: string, io: CommandIo): Promise<Result<Log, string>> {
  const { clock, random, env } = io;
  const passphrase = env['LOBBYKEEP_PASSPHRASE'];
  const opened = await openLog({ folder: logFolder(folder), mode: 'write', clock, random, passphrase });
  return opened.ok ? opened : { ok: false, error: opened.error.message };
}

export function openService(
  log: Log,
  io: CommandIo,
  { sockets, emit }: Pick<PeopleServiceOptions, 'sockets' | 'emit'>,
): Promise<PeopleService> {
  const newestMs = log.stats().lastOwnMs ?? 0;
  return PeopleService.open({
    log,
    sockets,
    emit,
    clock: {
      unixMs: io.clock,
      elapsedMs: () => performance.now(),
    },
    random: io.random,
    newId: makeEntryIds(() => Math.max(io.clock(), newestMs), io.random),
    onProblem: (message) => void io.stderr.write(`Note: ${message}\n`),
    writeFile: (path, pieces) => writeWhole(path, Buffer.from(io.random(6)).toString('hex'), pieces),
  });
}

function toAsk(call: (name: string, input: unknown) => Promise<unknown>): AskPeople {
  return async (name, input) => {
    const answer = await call(name, input);
    if (!isAnswerOf(name, answer)) throw new TypeError(`Expected an answer to ${name} but received ${typeof answer}`);
    return answer;
  };
}

/** Both ends are of one build where they speak the same calls, so that it is a result is enough. */
function isAnswerOf<N extends keyof PeopleCommandOutput>(_name: N, answer: unknown): answer is PeopleCommandOutput[N] {
  return typeof answer === 'object' && answer !== null && 'ok' in answer;
}
