/**
 * Lets the command line work while the overlay, or another command, has the data folder open: answers the same calls about
 * people as main's, over a socket that only this user may open.
 */
import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import * as v from 'valibot';
import { callPeople } from '../people/call-people.ts';
import type { PeopleService } from '../people/people-service.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';

const CONNECTIONS_LIMIT = 16;

const callSchema = v.object({ seq: v.number(), name: v.string(), input: v.unknown() });

export interface ControlServer {
  close(): Promise<void>;
}

/** Null where the socket cannot be had: then the command line waits until this program ends. @param path of `controlPath`. */
export async function serveControl(
  service: PeopleService,
  path: string,
  platform: string,
): Promise<ControlServer | null> {
  // The lock of the log is held, so a socket that lies here is a dead one's.
  if (platform !== 'win32') await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    readJsonLines(socket, (value) => void answer(service, socket, value));
  });
  server.maxConnections = CONNECTIONS_LIMIT;
  if (!(await listen(server, path))) return null;
  if (platform !== 'win32') await chmod(path, 0o600);
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => resolve(true));
  });
}

async function answer(service: PeopleService, socket: Socket, value: unknown): Promise<void> {
  const call = v.safeParse(callSchema, value);
  if (!call.success) {
    socket.destroy();
    return;
  }
  const { seq, name, input } = call.output;
  try {
    writeJsonLine(socket, { seq, value: await callPeople(service, name, input) });
  } catch (error) {
    writeJsonLine(socket, { seq, failure: error instanceof Error ? error.message : String(error) });
  }
}
