/** The words behind `npm start --`: a few are for the start itself, all others go to the app as they are. */
import { fail, succeed } from './result.mjs';

/**
 * @typedef {object} StartOptions
 * @property {number | null} seconds end the run after so many seconds; null: when the user ends it
 * @property {string | null} data the data folder; null: the user's own, or a temporary one on a virtual display
 * @property {boolean} help print the help and end
 * @property {readonly string[]} appArgs
 */

export const START_HELP = `npm start [-- OPTIONS]

  --practice       open the practice lobby beside the overlay and read it (always, where there is no display)
  --data FOLDER    the data folder (default: the user's own; a temporary one on a virtual display)
  --print-lines    print each line once it is kept, as JSON
  --seconds N      end after N seconds
  --help           print this
`;

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
  let help = false;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const [name, inline] = splitOption(word);
    if (word === '--help') {
      help = true;
      continue;
    }
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
  return succeed({ seconds, data, help, appArgs });
}

/**
 * @param {string} word
 * @returns {readonly [string, string | undefined]} `--name=value` in its parts
 */
function splitOption(word) {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
