/**
 * Settings of one user, kept as JSON in the data folder. Every field has a default; an unknown or broken field falls
 * back to it, so a damaged file never stops the app.
 */
import * as v from 'valibot';

/** A chat region relative to the captured picture, each value 0 to 1, so that it survives a change of window size. */
export const regionSchema = v.object({
  x: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  y: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  w: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  h: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});
export type RelativeRegion = v.InferOutput<typeof regionSchema>;

const shortString = v.pipe(v.string(), v.maxLength(200));

/** What is remembered for one game. The key in `games` is the game's title. */
export const gameSettingsSchema = v.object({
  regions: v.fallback(v.pipe(v.array(regionSchema), v.maxLength(4)), []),
  profile: v.fallback(shortString, 'generic'),
});
export type GameSettings = v.InferOutput<typeof gameSettingsSchema>;

/** At most so many names and words to be told of, each so long. */
export const alertTerms = { most: 40, longest: 60 } as const;
const alertTermList = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(2), v.maxLength(alertTerms.longest))),
  v.maxLength(alertTerms.most),
);

export const shortcutActions = ['interactive', 'history', 'people', 'reply', 'pause', 'mark-lobby'] as const;
export type ShortcutAction = (typeof shortcutActions)[number];

export const settingsSchema = v.object({
  /** Electron accelerators. */
  shortcuts: v.fallback(
    v.object({
      interactive: v.fallback(shortString, 'CommandOrControl+Shift+L'),
      history: v.fallback(shortString, 'CommandOrControl+Shift+H'),
      people: v.fallback(shortString, 'CommandOrControl+Shift+K'),
      reply: v.fallback(shortString, 'CommandOrControl+Shift+Enter'),
      pause: v.fallback(shortString, 'CommandOrControl+Shift+P'),
      'mark-lobby': v.fallback(shortString, 'CommandOrControl+Shift+M'),
    }),
    {
      interactive: 'CommandOrControl+Shift+L',
      history: 'CommandOrControl+Shift+H',
      people: 'CommandOrControl+Shift+K',
      reply: 'CommandOrControl+Shift+Enter',
      pause: 'CommandOrControl+Shift+P',
      'mark-lobby': 'CommandOrControl+Shift+M',
    },
  ),
  hud: v.fallback(
    v.object({
      /** Lines shown, 1 to 12. */
      lines: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)), 6),
      /** A line fades after this many seconds, 2 to 120. */
      fadeAfterS: v.fallback(v.pipe(v.number(), v.minValue(2), v.maxValue(120)), 12),
      /** 0.2 to 1. */
      opacity: v.fallback(v.pipe(v.number(), v.minValue(0.2), v.maxValue(1)), 0.85),
      corner: v.fallback(v.picklist(['top-left', 'top-right', 'bottom-left', 'bottom-right']), 'top-right'),
      /** Percent of the normal letter size, 80 to 200. */
      textPct: v.fallback(v.pipe(v.number(), v.minValue(80), v.maxValue(200)), 100),
    }),
    { lines: 6, fadeAfterS: 12, opacity: 0.85, corner: 'top-right', textPct: 100 },
  ),
  capture: v.fallback(
    v.object({
      /** Frames a second, 1 to 15. */
      fps: v.fallback(v.pipe(v.number(), v.minValue(1), v.maxValue(15)), 4),
      /** Tesseract language codes, 1 to 4. */
      languages: v.fallback(v.pipe(v.array(shortString), v.minLength(1), v.maxLength(4)), ['eng']),
    }),
    { fps: 4, languages: ['eng'] },
  ),
  /** What the user wants to be told of when somebody says it. */
  alerts: v.fallback(
    v.object({
      /** The user's own names in games: what they say themselves is no alert. */
      names: v.fallback(alertTermList, []),
      words: v.fallback(alertTermList, []),
      sound: v.fallback(v.boolean(), true),
      /** The same speaker with the same word sounds again after so many seconds, 0 to 600. */
      cooldownS: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(600)), 15),
    }),
    { names: [], words: [], sound: true, cooldownS: 15 },
  ),
  games: v.fallback(v.record(shortString, gameSettingsSchema), {}),
  /** The first-start hint with the shortcuts was shown and dismissed. */
  welcomed: v.fallback(v.boolean(), false),
});
export type Settings = v.InferOutput<typeof settingsSchema>;
