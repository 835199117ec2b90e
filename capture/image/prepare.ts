/**
 * From a fused strip to the picture that an engine reads: dark letters on white, three times as large, a white border.
 */
import type { InkImage } from '../ocr/engine.ts';
import type { FusedStrip } from './strip.ts';

const SCALE = 3;
const BORDER_PX = 12;

/** Pixels of `strip` as dark text on white; the darkest moment of each pixel counts, which light letters outlive. */
export function prepareInk(strip: FusedStrip): InkImage {
  const width = strip.width * SCALE + 2 * BORDER_PX;
  const height = strip.height * SCALE + 2 * BORDER_PX;
  const grey = new Uint8Array(width * height).fill(255);
  const bright = (x: number, y: number): number => {
    const column = Math.min(strip.width - 1, Math.max(0, x));
    const row = Math.min(strip.height - 1, Math.max(0, y));
    const at = (row * strip.width + column) * 3;
    return Math.max(strip.min[at]!, strip.min[at + 1]!, strip.min[at + 2]!);
  };
  for (let y = 0; y < strip.height * SCALE; y++)
    for (let x = 0; x < strip.width * SCALE; x++) {
      const fromX = (x + 0.5) / SCALE - 0.5;
      const fromY = (y + 0.5) / SCALE - 0.5;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const dx = fromX - left;
      const dy = fromY - top;
      const upper = bright(left, top) * (1 - dx) + bright(left + 1, top) * dx;
      const lower = bright(left, top + 1) * (1 - dx) + bright(left + 1, top + 1) * dx;
      grey[(y + BORDER_PX) * width + x + BORDER_PX] = 255 - (upper * (1 - dy) + lower * dy);
    }
  return { width, height, grey };
}
