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
  readonly trayIcon: string;
}

/** `appFolder` is the folder of main.mjs; the checkout (or the packed app) is two levels above it. */
export function appPaths(appFolder: string): AppPaths {
  const root = join(appFolder, '..', '..');
  return {
    app: appFolder,
    overlayPreload: join(appFolder, 'preload.cjs'),
    grabPreload: join(appFolder, 'grab-preload.cjs'),
    engine: join(appFolder, 'engine.mjs'),
    reader: join(appFolder, 'reader.mjs'),
    practiceManifest: join(appFolder, 'practice', 'manifest.json'),
    profiles: join(root, 'assets', 'profiles'),
    trayIcon: join(root, 'assets', 'icons', 'tray.png'),
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
