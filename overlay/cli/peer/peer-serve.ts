/** `lobbykeep peer serve`: the engine without a screen. It is one peer, and prints what happens as JSON, one event a line. */
import { controlPath } from '../../engine/control/control-path.ts';
import { serveControl } from '../../engine/control/control-server.ts';
import { exitCodes } from '../command.ts';
import type { CommandArgs, CommandIo, ExitCode } from '../command.ts';
import { dataFolderOf, openForWriting, openService } from './people-access.ts';

/** As in `--bind`: `127.0.0.1:0`, `[::1]:41975`. Null where it is none. */
export function parseBind(text: string): { readonly address: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-f:.%a-z]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return address === undefined || port > 65_535 ? null : { address, port };
}

export async function serve(args: CommandArgs, io: CommandIo): Promise<ExitCode> {
  const bindText = args.text('bind');
  const bind = bindText === null ? undefined : parseBind(bindText);
  if (bind === null) {
    await io.stderr.write(`Expected ADDRESS:PORT for --bind but received "${bindText ?? ''}".\n`);
    return exitCodes.usage;
  }
  const folder = dataFolderOf(args, io);
  const opened = await openForWriting(folder, io);
  if (!opened.ok) {
    await io.stderr.write(`${opened.error}\n`);
    return exitCodes.dataFolder;
  }
  const log = opened.value;
  const service = await openService(log, io, {
    sockets: bind === undefined ? {} : { bind },
    emit: (event) => void io.stdout.write(`${JSON.stringify(event)}\n`),
  });
  const control = await serveControl(service, controlPath(folder, io.platform), io.platform);
  const state = await service.answer('people.state', null);
  if (state.ok) await io.stdout.write(`${JSON.stringify({ name: 'ready', network: state.value.network })}\n`);
  await io.ended();
  await control?.close();
  await service.close();
  await log.close();
  return exitCodes.fine;
}
