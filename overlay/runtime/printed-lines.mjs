/**
 * Reads what the app prints with `--print-lines` (one JSON object a line, `{"kept": {…}}` for each line that is durable)
 * and writes it for a person. Anything else that the app prints is passed on as it is.
 */

/** A line without an end is cut here: nothing that the app prints is that long. */
const LONGEST_LINE_CHARACTERS = 100_000;

/**
 * Splits a stream of text into its lines.
 * @param {(line: string) => void} onLine without its end
 * @returns {(text: string) => void} to be called with each piece as it comes
 */
export function splitLines(onLine) {
  let open = '';
  return (text) => {
    const parts = `${open}${text}`.split('\n');
    open = (parts.pop() ?? '').slice(0, LONGEST_LINE_CHARACTERS);
    for (const line of parts) onLine(line.replace(/\r$/, ''));
  };
}

/**
 * @param {string} printed one line of the app's standard output
 * @returns {string | null} `12:00:01  team      Anna: hello`, null where the line is not a kept line
 */
export function formatKeptLine(printed) {
  const kept = keptOf(printed);
  if (kept === null) return null;
  const time = typeof kept['atMs'] === 'number' ? new Date(kept['atMs']).toTimeString().slice(0, 8) : '--:--:--';
  const speaker = textOf(kept['speaker']);
  const said = textOf(kept['text']) || textOf(kept['line']);
  return `${time}  ${textOf(kept['channel']).padEnd(8)}  ${speaker === '' ? '' : `${speaker}: `}${said}`;
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}

/**
 * @param {string} printed
 * @returns {Record<string, unknown> | null}
 */
function keptOf(printed) {
  if (!printed.startsWith('{"kept":')) return null;
  try {
    const { kept } = JSON.parse(printed);
    return typeof kept === 'object' ? kept : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

/**
 * Chromium complains on machines without a system bus, a GPU or sound; none of it is the user's to act upon.
 * @param {string} line of the standard error of an Electron process
 * @returns {boolean}
 */
export function isChromiumNoise(line) {
  return /^\[\d+:\d{4}\/\d{6}\.\d+:(ERROR|WARNING|INFO):/.test(line) || line.trim() === '';
}
