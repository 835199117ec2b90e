/** Where the program that has a data folder open listens for commands of its own user's other programs. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Names of Unix sockets end at 103 characters on macOS, at 107 on Linux. */
const PATH_LIMIT = 100;

/** A Unix socket in the data folder; in the temporary folder where that path is too long; a named pipe on Windows. */
export function controlPath(dataFolder: string, platform: string): string {
  const folder = resolve(dataFolder);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\lobbykeep-${name}`;
  const inside = join(folder, 'control.sock');
  return Buffer.byteLength(inside) <= PATH_LIMIT ? inside : join(tmpdir(), `lobbykeep-${name}.sock`);
}
