/** The process's own streams behind `CommandIo`: waits for a slow reader, and notices one that has gone (`| head`). */
import { randomBytes } from 'node:crypto';
import type { CommandIo, TextSink } from './command.ts';

function streamSink(stream: NodeJS.WriteStream): TextSink {
  let gone = false;
  // A closed pipe is reported by the event and by the callback; without a listener the event would end the process.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
    gone = true;
  });
  return {
    write: (text) =>
      gone
        ? Promise.resolve(false)
        : new Promise((resolve) => {
            stream.write(text, (error) => {
              if (error !== null && error !== undefined) gone = true;
              resolve(!gone);
            });
          }),
  };
}

/** The world of this process. */
export function processIo(): CommandIo {
  return {
    stdout: streamSink(process.stdout),
    stderr: streamSink(process.stderr),
    clock: () => Date.now(),
    random: (count) => new Uint8Array(randomBytes(count)),
    env: process.env,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    platform: process.platform,
    ended: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
      }),
  };
}
