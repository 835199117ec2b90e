/**
 * What the set-up says while it works: one line a step, and for long steps a line that tells how far it is. On a terminal
 * that line is redrawn in place; elsewhere (CI, a pipe) it is printed now and then. Nothing to do, nothing said.
 * All goes to standard error, so that the output of `npm run -s cli` stays machine-readable.
 */
import process from 'node:process';

/**
 * @typedef {{
 *   say(sentence: string): void,
 *   note(sentence: string): void,
 *   update(text: string): void,
 *   warn(sentence: string): void,
 * }} Progress
 *   say: a step that takes its time begins or ended; note: a quick one is done; update: how far the running step is;
 *   warn: something is missing
 */

const PLAIN_UPDATE_INTERVAL_MS = 10_000;

/**
 * @param {{ quiet: boolean, write?: (text: string) => void, isTerminal?: boolean, nowMs?: () => number }} options
 *   quiet: no notes; what takes its time is told even so, since the user waits for it
 * @returns {Progress}
 */
export function createProgress(options) {
  const write = options.write ?? ((/** @type {string} */ text) => process.stderr.write(text));
  const isTerminal = options.isTerminal ?? process.stderr.isTTY;
  const nowMs = options.nowMs ?? Date.now;
  let hasOpenLine = false;
  let lastPlainMs = -Infinity;
  const print = (/** @type {string} */ sentence) => {
    write(`${hasOpenLine ? '\r\x1b[K' : ''}lobbykeep: ${sentence}\n`);
    hasOpenLine = false;
    lastPlainMs = nowMs();
  };
  return {
    say: print,
    warn: print,
    note(sentence) {
      if (!options.quiet) print(sentence);
    },
    update(text) {
      if (isTerminal) {
        write(`\r\x1b[K  ${text}`);
        hasOpenLine = true;
      } else if (nowMs() - lastPlainMs >= PLAIN_UPDATE_INTERVAL_MS) {
        write(`  ${text}\n`);
        lastPlainMs = nowMs();
      }
    },
  };
}

/** @param {number} bytes @returns {string} such as `12 MB` */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
