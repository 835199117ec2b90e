/**
 * What a reset of the settings means: all as at first, but what is remembered for each game and that the newcomer has
 * been welcomed.
 */
import * as v from 'valibot';
import { settingsSchema } from '../../ipc/index.ts';
import type { Settings } from '../../ipc/index.ts';

/** The settings after a reset of `settings`. */
export function defaultsFor(settings: Settings): Settings {
  // Every field of the schema falls back to its default.
  return { ...v.parse(settingsSchema, {}), games: settings.games, welcomed: settings.welcomed };
}
