/** The other end of `control-server.ts`: one program's calls to the one that has the data folder open. */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import { readJsonLines, writeJsonLine } from './json-lines.ts';

const answerSchema = v.object({ seq: v.number(), value: v.optional(v.unknown()), failure: v.optional(v.string()) });

export interface ControlClient {
  /** Rejects with a sentence where the call is refused or the other program ends. */
  call(name: string, input: unknown): Promise<unknown>;
  close(): void;
}

/** Null where nobody listens. @param path of `controlPath`. */
export async function connectControl(path: string): Promise<ControlClient | null> {
  const socket = await connect(path);
  if (socket === null) return null;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let seq = 0;
  readJsonLines(socket, (value) => {
    const answer = v.safeParse(answerSchema, value);
    if (!answer.success) return;
    const { seq, failure } = answer.output;
    const pending = waiting.get(seq);
    waiting.delete(seq);
    if (failure === undefined) pending?.resolve(answer.output.value);
    else pending?.reject(new Error(failure));
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The program that has the data folder open ended.'));
    waiting.clear();
  });
  return {
    call(name, input) {
      seq += 1;
      const own = seq;
      return new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error('The program that has the data folder open ended.'));
        waiting.set(own, { resolve, reject });
        writeJsonLine(socket, { seq: own, name, input });
      });
    },
    close: () => socket.destroy(),
  };
}

function connect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}
