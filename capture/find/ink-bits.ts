/** Ink of a whole picture as bits: 32 pixels a word, so that two pictures are compared by a few machine instructions. */
import type { Frame } from '../frame.ts';
import { WORD_PX } from '../image/bits.ts';
import { inkOf } from '../image/ink.ts';
import type { Polarity } from '../image/ink.ts';

/** Weaker strokes are scene more often than text. */
const LEAST_INK = 60;
/** Half the width of the thickest stroke that counts, px. */
const STROKE_RADIUS_PX = 4;

export interface InkBits {
  readonly tMs: number;
  readonly width: number;
  readonly height: number;
  /** Words of a row. */
  readonly stride: number;
  /** `height * stride`, row-major; the lowest bit is the leftmost pixel. */
  readonly words: Uint32Array;
}

export function inkBitsOf(frame: Frame, polarity: Polarity): InkBits {
  const { width, height, tMs } = frame;
  const { data } = inkOf(frame, polarity, STROKE_RADIUS_PX);
  const stride = Math.ceil(width / WORD_PX);
  const words = new Uint32Array(stride * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let word = y * stride, x = 0; x < width; word++) {
      let bits = 0;
      for (let bit = 0; bit < WORD_PX && x < width; bit++, x++, at++) {
        if ((data[at] ?? 0) >= LEAST_INK) bits |= 1 << bit;
      }
      words[word] = bits;
    }
  }
  return { tMs, width, height, stride, words };
}
