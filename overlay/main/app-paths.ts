/** Where the parts of the app are, from the built main file, and where Chromium may keep its own files. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface AppPaths {
  /** The built app (`.build/app`). */
  readonly app: string;
  readonly overlayPreload: string;
  readonly grabPreload: string;
  readonly engine: string;
  readonly reader: string;
  readonly practiceManifest: string;
  readonly profiles: string;
  /** Folder of the chat recogniser's model. */
  readonly models: string;
  readonly trayIcons: { readonly running: string; readonly paused: string };
}

/** `appFolder` is the folder of main.mjs; the checkout is two levels above it. `platform` as of `process.platform`. */
export function appPaths(appFolder: string, platform: string): AppPaths {
  const root = join(appFolder, '..', '..');
  const icons = join(root, 'assets', 'icons');
  return {
    app: appFolder,
    overlayPreload: join(appFolder, 'preload.cjs'),
    grabPreload: join(appFolder, 'grab-preload.cjs'),
    engine: join(appFolder, 'engine.mjs'),
    reader: join(appFolder, 'reader.mjs'),
    practiceManifest: join(appFolder, 'practice', 'manifest.json'),
    profiles: join(root, 'assets', 'profiles'),
    models: join(root, 'assets', 'ocr'),
    trayIcons: {
      // macOS draws a template in the colour of its menu bar, and has no second one for a pause.
      running: join(icons, platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'),
      paused: join(icons, platform === 'darwin' ? 'trayTemplate.png' : 'tray-paused.png'),
    },
  };
}

/**
 * Chromium's own folder (caches, the lock of the single instance): in the data folder, or where that cannot be written,
 * in `temporary`, so that the app still starts and says what is wrong with the data folder.
 */
export async function browserFolder(dataFolder: string, temporary: string): Promise<string> {
  const folder = join(dataFolder, 'browser');
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return temporary;
    throw error;
  }
}
