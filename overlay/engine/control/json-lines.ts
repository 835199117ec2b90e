/** Values over a stream, one line of JSON each; a line that is too long or no JSON ends the stream. */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** The largest call is a message or a scope; the largest answer, a page of messages. */
const LINE_BYTES_LIMIT = 4 * 1024 * 1024;

/** Calls `onValue` for each line. */
export function readJsonLines(socket: Readable, onValue: (value: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parse(line);
      if (value === undefined) socket.destroy();
      else onValue(value);
    }
    if (Buffer.byteLength(rest) > LINE_BYTES_LIMIT) socket.destroy();
  });
}

export function writeJsonLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
