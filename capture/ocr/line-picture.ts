/**
 * The picture of a line as the chat recogniser was trained on: what all fused frames have in common (text stays, the
 * scene goes), in colour, light letters on a darker ground, at one height by the same interpolation. No mask and no threshold: telling strokes
 * from scene is what the network learnt.
 */
import { resizeChannels } from '../image/plane.ts';
import { checkStrip } from '../image/recipe.ts';
import type { EngineLine } from './engine.ts';

export interface LinePicture {
  /** 0 for a strip in which no letter could be told from another. */
  readonly width: number;
  readonly height: number;
  /** Red, green and blue plane, 0 to 255, row-major, `width * height` each. */
  readonly planes: readonly Uint8Array[];
  /** Strip x = x of the picture * this. */
  readonly stripPxPerPx: number;
}

/** In less than this no letter can be told from another. */
const SMALLEST_SIDE_PX = 4;
/** A line as wide as a screen of 2560 px has about this width at 32 px; a wider one is squeezed. */
const WIDEST_PX = 2048;

/**
 * @param heightPx height that the network takes.
 * @throws RangeError when a plane of the strip has not `width * height * 3` bytes.
 */
export function linePictureOf({ strip, polarity }: EngineLine, heightPx: number): LinePicture {
  checkStrip(strip);
  const { width } = strip;
  const { min, max } = strip.around ?? strip;
  const height = strip.height + 2 * (strip.around?.rows ?? 0);
  if (Math.min(width, height) < SMALLEST_SIDE_PX) return { width: 0, height: heightPx, planes: [], stripPxPerPx: 1 };
  const wide = Math.min(WIDEST_PX, Math.max(SMALLEST_SIDE_PX, Math.round((width * heightPx) / height)));
  const pixels = polarity === 'light' ? min : max.map((value) => 255 - value);
  const planes = resizeChannels({ width, height, data: pixels }, 3, wide, heightPx, 'linear');
  return { width: wide, height: heightPx, planes, stripPxPerPx: width / wide };
}
