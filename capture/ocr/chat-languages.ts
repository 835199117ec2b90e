/** The languages in which a chat is read: those that the user chose, and those of the game whose data are here. */
import { isInstalled } from './language-data.ts';

/** Each makes reading slower. */
const MOST_LANGUAGES = 4;

export interface ChatLanguages {
  /** By Tesseract's names, the user's first, at most 4. */
  readonly languages: readonly string[];
  /** Languages of the game that cannot be read here; empty where all can. */
  readonly missing: readonly string[];
}

/** `chosen` is taken as it is: what of it is not here is named when the engine starts. */
export function chatLanguages(chosen: readonly string[], ofGame: readonly string[]): ChatLanguages {
  const more = ofGame.filter((language) => !chosen.includes(language));
  const missing = more.filter((language) => !isInstalled(language));
  const languages = [...new Set([...chosen, ...more.filter(isInstalled)])].slice(0, MOST_LANGUAGES);
  return { languages, missing };
}
