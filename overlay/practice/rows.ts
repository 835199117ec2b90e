/**
 * Lays a chat line out in rows: greedy wrapping at word ends, continuation rows indented, colours kept. Pure; the width
 * of a text is measured by the caller's canvas.
 */
import type { Run } from './grammar.ts';

/** A stretch of one colour at its place in a row; `x` in canvas px from the panel's inner left edge. */
export interface PlacedRun extends Run {
  readonly x: number;
}

/** One drawn row, runs from left to right. */
export type Row = readonly PlacedRun[];

export interface RowShape {
  readonly widthPx: number;
  /** Where continuation rows begin. */
  readonly indentPx: number;
  /** Width of a text in px. */
  measure(text: string): number;
}

interface Word {
  readonly text: string;
  readonly colour: string;
}

function splitWords(runs: readonly Run[]): readonly Word[] {
  return runs.flatMap((run) =>
    run.text
      .split(' ')
      .filter((text) => text !== '')
      .map((text) => ({ text, colour: run.colour })),
  );
}

/** Puts the words of a row next to each other, neighbours of one colour in one run (so that kerning is the font's). */
function placeWords(words: readonly Word[], startPx: number, shape: RowShape): Row {
  const row: PlacedRun[] = [];
  let textBefore = '';
  for (const word of words) {
    const last = row.at(-1);
    const gap = textBefore === '' ? '' : ' ';
    if (last !== undefined && last.colour === word.colour) {
      row[row.length - 1] = { ...last, text: `${last.text}${gap}${word.text}` };
    } else {
      row.push({ ...word, x: startPx + shape.measure(textBefore + gap) });
    }
    textBefore += gap + word.text;
  }
  return row;
}

/**
 * At least one row. Rows joined by one space give the line back; a word wider than a row overflows it and is clipped by
 * the panel (the script writes none).
 */
export function layOutRows(runs: readonly Run[], shape: RowShape): readonly Row[] {
  const rows: Row[] = [];
  let words: Word[] = [];
  for (const word of splitWords(runs)) {
    const startPx = rows.length === 0 ? 0 : shape.indentPx;
    const width = startPx + shape.measure([...words, word].map((each) => each.text).join(' '));
    if (words.length > 0 && width > shape.widthPx) {
      rows.push(placeWords(words, startPx, shape));
      words = [];
    }
    words.push(word);
  }
  rows.push(placeWords(words, rows.length === 0 ? 0 : shape.indentPx, shape));
  return rows;
}
