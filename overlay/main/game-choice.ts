/** From a window to its game: title, profile, and the regions remembered for it. */
import type { GameSettings, Settings } from '../ipc/index.ts';
import type { CaptureTarget } from './capture-control.ts';
import { GENERIC_PROFILE, profileOf } from './profiles.ts';
import type { ProfileHead } from './profiles.ts';
import type { FoundWindow } from './sources.ts';

/** Games remembered; the one set longest ago is forgotten first. */
const MAX_GAMES = 200;
const MAX_TITLE = 200;

export interface GameChoice {
  readonly target: CaptureTarget;
  readonly regions: GameSettings['regions'];
  readonly profile: string;
}

/** What the user's choice of a window means. A window of a known profile carries that game's title, else its own. */
export function chooseGame(window: FoundWindow, profiles: readonly ProfileHead[], settings: Settings): GameChoice {
  const { sourceId, title, process } = window;
  const known = profileOf(profiles, title, process);
  const game = (known?.title ?? (title === '' ? 'Unnamed window' : title)).slice(0, MAX_TITLE);
  const remembered = settings.games[game];
  return {
    target: { sourceId, title, process, game },
    regions: remembered?.regions ?? [],
    profile: remembered?.profile ?? known?.name ?? GENERIC_PROFILE,
  };
}

/** Whether `window` is the window of `target`'s game again, after the game was started anew. */
export function isSameGame(target: CaptureTarget, window: FoundWindow, profiles: readonly ProfileHead[]): boolean {
  const known = profileOf(profiles, window.title, window.process);
  if (known !== null) return known.title === target.game;
  return window.title === target.title || (target.process !== null && window.process === target.process);
}

/** The settings with the regions and the profile of one game. */
export function rememberGame(settings: Settings, game: string, choice: GameSettings): Settings {
  const others = Object.entries(settings.games).filter(([name]) => name !== game);
  const games = Object.fromEntries([...others.slice(-(MAX_GAMES - 1)), [game, choice] as const]);
  return { ...settings, games };
}
