/** Where the learned font of a game is kept: a file each, named by a hash, for a game's title may hold anything. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

export function fontFile(dataFolder: string, game: string): string {
  const name = createHash('sha256').update(game).digest('hex').slice(0, 32);
  return join(dataFolder, 'fonts', `${name}.font`);
}
