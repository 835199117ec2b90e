/**
 * .build/state.json: what the set-up found or could not make on this machine, so that the app can say it in a sentence
 * (the window module that could not be compiled) and a second start need not look again. Deleting it is always safe.
 */
import { readFileSync } from 'node:fs';
import { errorCode } from './result.mjs';
import { writeStamp } from './stamp.mjs';

/**
 * @typedef {object} SetupState
 * @property {'ready' | 'not-needed' | 'failed' | 'unknown'} windowModule node-window-manager's native part: compiled;
 *   not needed on this platform; could not be compiled (the app then runs without following the game's window)
 * @property {string} windowModuleReason a sentence for the user where it is `failed`, else empty
 * @property {string} windowModuleFor the hash of package-lock.json that this is true of
 * @property {string} librariesFor the Electron executable whose system libraries were all found, else empty
 */

/** @type {SetupState} */
const NOTHING_KNOWN = { windowModule: 'unknown', windowModuleReason: '', windowModuleFor: '', librariesFor: '' };

/**
 * @param {string} file
 * @returns {SetupState} nothing known where the file is missing or is not ours
 */
export function readState(file) {
  /** @type {unknown} */
  let parsed;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return NOTHING_KNOWN;
    throw thrown;
  }
  const windowModule = textOf(parsed, 'windowModule');
  return {
    windowModule:
      windowModule === 'ready' || windowModule === 'not-needed' || windowModule === 'failed' ? windowModule : 'unknown',
    windowModuleReason: textOf(parsed, 'windowModuleReason'),
    windowModuleFor: textOf(parsed, 'windowModuleFor'),
    librariesFor: textOf(parsed, 'librariesFor'),
  };
}

/**
 * @param {string} file
 * @param {Partial<SetupState>} change
 * @returns {void} throws on a full disk or a folder that may not be written
 */
export function updateState(file, change) {
  writeStamp(file, `${JSON.stringify({ ...readState(file), ...change }, null, 2)}\n`);
}

/**
 * @param {unknown} value
 * @param {string} key
 */
function textOf(value, key) {
  if (typeof value !== 'object' || value === null) return '';
  const found = Reflect.get(value, key);
  return typeof found === 'string' ? found : '';
}
