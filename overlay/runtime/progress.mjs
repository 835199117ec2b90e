/**
 * What the set-up says while it works: one line a step, and for long steps a line that tells how far it is. On a terminal
 * that line is redrawn in place; elsewhere (CI, a pipe) it is printed now and then. Nothing to do, nothing said.
 */
import process from 'node:process';

/**
 * @typedef {{
 *   say(sentence: string): void,
 *   update(text: string): void,
 *   warn(sentence: string): void,
 * }} Progress
 *   say: a step begins or ended; update: how far the running step is; warn: something is missing but the set-up goes on
 */

const PLAIN_UPDATE_INTERVAL_MS = 10_000;

/**
 * @param {{ quiet: boolean, stream?: NodeJS.WriteStream, nowMs?: () => number }} options quiet: only warnings. The stream
 *   is standard error by default, so that the output of `npm run -s cli` stays machine-readable.
 * @returns {Progress}
 */
export function createProgress(options) {
  const stream = options.stream ?? process.stderr;
  const nowMs = options.nowMs ?? Date.now;
  let openLine = false;
  let lastPlainMs = -Infinity;
  const closeLine = () => {
    if (openLine) stream.write('\r\x1b[K');
    openLine = false;
  };
  return {
    say(sentence) {
      if (options.quiet) return;
      closeLine();
      stream.write(`lobbykeep: ${sentence}\n`);
      lastPlainMs = nowMs();
    },
    update(text) {
      if (options.quiet) return;
      if (stream.isTTY) {
        stream.write(`\r\x1b[K  ${text}`);
        openLine = true;
      } else if (nowMs() - lastPlainMs >= PLAIN_UPDATE_INTERVAL_MS) {
        stream.write(`  ${text}\n`);
        lastPlainMs = nowMs();
      }
    },
    warn(sentence) {
      closeLine();
      stream.write(`lobbykeep: ${sentence}\n`);
    },
  };
}

/** @param {number} bytes @returns {string} such as `12 MB` */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
