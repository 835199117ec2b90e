/** Flat frames: what a capture delivers of a window that is minimised, protected or covered. */
import type { Frame } from '../frame.ts';

/** A picture whose brightness varies less than this holds nothing. */
const FLAT_LEVELS = 10;

/** Whether a frame is one colour. */
export function isFlat(frame: Frame): boolean {
  let least = 255;
  let most = 0;
  for (let p = 0; p < frame.pixels.length; p += 4 * 7) {
    const value = frame.pixels[p + 1]!;
    if (value < least) least = value;
    if (value > most) most = value;
    if (most - least > FLAT_LEVELS) return false;
  }
  return true;
}
