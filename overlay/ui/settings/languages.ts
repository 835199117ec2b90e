/**
 * Languages that the reader comes with, by Tesseract's codes.
 */

/** Most languages read at once. */
export const languageCapacity = 4;

export interface LanguageChoice {
  readonly code: string;
  readonly title: string;
}

const bundled: readonly LanguageChoice[] = [
  { code: 'eng', title: 'English' },
  { code: 'deu', title: 'German' },
  { code: 'fra', title: 'French' },
  { code: 'spa', title: 'Spanish' },
];

/** What may be chosen: the bundled languages, and what the settings name besides them. */
export function languageChoices(chosen: readonly string[]): readonly LanguageChoice[] {
  const others = chosen.filter((code) => bundled.every((language) => language.code !== code));
  return [...bundled, ...others.map((code) => ({ code, title: code }))];
}

/** The chosen languages with `code` in or out; never none and never more than the capacity. */
export function withLanguage(chosen: readonly string[], code: string, on: boolean): readonly string[] {
  if (on) return chosen.includes(code) ? chosen : [...chosen, code].slice(0, languageCapacity);
  const rest = chosen.filter((held) => held !== code);
  return rest.length === 0 ? chosen : rest;
}
