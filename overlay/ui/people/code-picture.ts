/**
 * A code as a QR picture: the path of its dark squares, with the quiet zone of four squares that ISO/IEC 18004 asks for.
 * The letters of a code are those of QR's alphanumeric mode, so that it stays small.
 */
import { encode } from 'uqr';

export interface CodePicture {
  /** Squares on each side, quiet zone included: the viewBox is `0 0 size size`. */
  readonly size: number;
  /** SVG path of the dark squares. */
  readonly path: string;
}

const quietZoneSquares = 4;

/** @throws RangeError for an empty code. */
export function drawCode(code: string): CodePicture {
  if (code === '') throw new RangeError('Expected a code for code but received an empty text');
  const { size, data } = encode(code, { ecc: 'M', border: quietZoneSquares });
  const parts: string[] = [];
  for (const [y, row] of data.entries()) {
    let x = 0;
    while (x < row.length) {
      const dark = row[x] === true;
      const from = x;
      while (x < row.length && (row[x] === true) === dark) x += 1;
      if (dark) parts.push(`M${from} ${y}h${x - from}v1h${from - x}z`);
    }
  }
  return { size, path: parts.join('') };
}
