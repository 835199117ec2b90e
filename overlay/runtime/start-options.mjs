/** The words behind `npm start --`: a few are for the start itself, all others go to the app as they are. */
import { fail, succeed } from './result.mjs';

/**
 * @typedef {object} StartOptions
 * @property {number | null} seconds end the run after so many seconds; null: when the user ends it
 * @property {string | null} data the data folder; null: the user's own, or a temporary one on a virtual display
 * @property {readonly string[]} appArgs
 */

const LONGEST_SECONDS = 24 * 3600;

/**
 * @param {readonly string[]} args
 * @returns {import('./result.mjs').Result<StartOptions>} error: `usage`
 */
export function parseStartOptions(args) {
  /** @type {number | null} */
  let seconds = null;
  /** @type {string | null} */
  let data = null;
  /** @type {string[]} */
  const appArgs = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const [name, inline] = splitOption(word);
    if (name !== '--seconds' && name !== '--data') {
      appArgs.push(word);
      continue;
    }
    const value = inline ?? args[(index += 1)];
    if (value === undefined || value === '') return fail('usage', `Expected a value behind ${name} but received none.`);
    if (name === '--data') {
      data = value;
      continue;
    }
    seconds = Number(value);
    if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) {
      return fail('usage', `Expected 1 to ${LONGEST_SECONDS} for --seconds but received ${value}.`);
    }
  }
  return succeed({ seconds, data, appArgs });
}

/**
 * @param {string} word
 * @returns {readonly [string, string | undefined]} `--name=value` in its parts
 */
function splitOption(word) {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
