/**
 * Where the set-up keeps things: the checkout's own folders, and the cache outside it that every checkout of this user
 * shares. Nothing is made here.
 */
import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout: the folder of package.json. */
export const REPO_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything that the set-up makes inside the checkout; ignored by git, safe to delete. */
export const BUILD_FOLDER = path.join(REPO_ROOT, '.build');

/** What was found on this machine, for the app to show: see state.mjs. */
export const STATE_FILE = path.join(BUILD_FOLDER, 'state.json');

/** npm packages that npm itself declines to place on this platform (sharp's WASM build). */
export const VENDOR_FOLDER = path.join(BUILD_FOLDER, 'vendor');

/**
 * The user's cache folder for Lobbykeep, by the platform's custom.
 * @param {Readonly<Record<string, string | undefined>>} [environment]
 * @param {NodeJS.Platform} [platform]
 * @returns {string} absolute path; it need not exist
 */
export function cacheFolder(environment = process.env, platform = process.platform) {
  const home = os.homedir();
  if (platform === 'win32') {
    return path.join(environment['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local'), 'lobbykeep', 'cache');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'lobbykeep');
  const xdg = environment['XDG_CACHE_HOME'];
  // The XDG base directory specification: a relative path is invalid and is ignored.
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'lobbykeep');
}

/**
 * @param {string} moduleUrl the module's `import.meta.url`
 * @returns {boolean} whether Node was started with this module, rather than the module imported by another
 */
export function isCommand(moduleUrl) {
  const started = process.argv[1];
  // Module URLs have symbolic links resolved; the command line has not.
  return started !== undefined && realpathSync(started) === fileURLToPath(moduleUrl);
}
