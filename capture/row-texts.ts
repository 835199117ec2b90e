/** Row texts: how the words of a line lie on its rows, when the line is known and its rows were read with mistakes. */
import { editDistance } from './parse/known.ts';

/** A row is found where it differs in at most this share of its characters. */
const SAME_ROW = 0.4;
/** Words of a row that may be misread as more or as fewer. */
const WORDS_OFF = 4;
const MOST_WORDS = 400;

/**
 * The words of `line` on each of the rows that were read as `rows`, in order; null where a row is not found in it.
 * @param line one space between words.
 */
export function rowTextsOf(line: string, rows: readonly string[]): readonly string[] | null {
  const words = line.split(' ');
  if (words.length > MOST_WORDS) return null;
  const texts: string[] = [];
  let from = 0;
  for (const [index, row] of rows.entries()) {
    const left = words.slice(from);
    const count = index === rows.length - 1 ? left.length : wordsOn(row, left);
    const text = left.slice(0, count).join(' ');
    if (text === '' || editDistance(text, row) > Math.max(text.length, row.length) * SAME_ROW) return null;
    texts.push(text);
    from += count;
  }
  return texts;
}

/** How many of the words stand on a row. */
function wordsOn(row: string, words: readonly string[]): number {
  const usual = row.split(' ').length;
  let best = usual;
  let least = Infinity;
  for (let count = Math.max(1, usual - WORDS_OFF); count <= Math.min(words.length, usual + WORDS_OFF); count++) {
    const distance = editDistance(words.slice(0, count).join(' '), row);
    if (distance >= least) continue;
    least = distance;
    best = count;
  }
  return best;
}
