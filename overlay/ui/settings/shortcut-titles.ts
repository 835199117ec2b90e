/**
 * What each shortcut does, in the words of the screen.
 */
import type { ShortcutAction } from '../../ipc/index.ts';

export const shortcutTitles = {
  interactive: 'Open or close Lobbykeep',
  history: 'Open the history',
  people: 'Open people and talk',
  reply: 'Answer in the game',
  pause: 'Pause or go on reading',
  'mark-lobby': 'Begin a new lobby',
} as const satisfies Record<ShortcutAction, string>;
