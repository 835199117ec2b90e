/**
 * node-window-manager's native part, which the app uses on Windows and macOS to follow the game's window. It is compiled
 * on this machine; a machine without compilers must still start, so a failure is a state that the app shows, not an error.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { complaintOf, runNpm } from './npm.mjs';
import { readState, updateState } from './state.mjs';

const COMPILE_TIMEOUT_MS = 10 * 60_000;

/**
 * @param {string} stateFile
 * @param {string} hash hash of package-lock.json
 * @returns {boolean} whether the state of this lock file's module is known; a failure is known too and is not tried again
 */
export function windowModuleIsSettled(stateFile, hash) {
  const state = readState(stateFile);
  return state.windowModule !== 'unknown' && state.windowModuleFor === hash;
}

/**
 * @param {string} root
 * @param {string} stateFile
 * @param {string} hash
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<void>}
 */
export async function settleWindowModule(root, stateFile, hash, progress) {
  if (process.platform !== 'win32' && process.platform !== 'darwin') {
    updateState(stateFile, { windowModule: 'not-needed', windowModuleReason: '', windowModuleFor: hash });
    return;
  }
  const folder = path.join(root, 'node_modules', 'node-window-manager');
  if (existsSync(path.join(folder, 'build', 'Release', 'addon.node'))) {
    updateState(stateFile, { windowModule: 'ready', windowModuleReason: '', windowModuleFor: hash });
    return;
  }
  progress.say('compiling the window module');
  const outcome = await runNpm(['rebuild', 'node-window-manager'], { cwd: root, timeoutMs: COMPILE_TIMEOUT_MS });
  if (outcome.exitCode === 0) {
    updateState(stateFile, { windowModule: 'ready', windowModuleReason: '', windowModuleFor: hash });
    return;
  }
  const tools =
    process.platform === 'win32'
      ? 'Python and the Visual Studio Build Tools'
      : 'the Xcode command line tools (xcode-select --install)';
  const reason = `The window module could not be compiled (${complaintOf(outcome)}), so the overlay does not follow the game's window. Install ${tools}, delete .build/state.json and start again.`;
  updateState(stateFile, { windowModule: 'failed', windowModuleReason: reason, windowModuleFor: hash });
  progress.warn(reason);
}
