/**
 * What a test asks of a picture of the virtual screen: a part of it, how much two differ, a file to look at.
 */
import sharp from 'sharp';

/** Rectangle in screen px. */
export interface ScreenRect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** As `overlay/runtime/screen-picture.mjs` reads it. */
export interface ScreenPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row-major, `widthPx * heightPx * 3`. */
  readonly rgb: Uint8Array;
}

/** Throws RangeError where the rectangle leaves the picture. */
export function cropPicture(picture: ScreenPicture, rect: ScreenRect): ScreenPicture {
  const { x, y, w, h } = rect;
  if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > picture.widthPx || y + h > picture.heightPx) {
    throw new RangeError(`Expected a rectangle inside the picture but received ${x},${y},${w},${h}`);
  }
  const rgb = new Uint8Array(w * h * 3);
  for (let row = 0; row < h; row += 1) {
    const from = ((y + row) * picture.widthPx + x) * 3;
    rgb.set(picture.rgb.subarray(from, from + w * 3), row * w * 3);
  }
  return { widthPx: w, heightPx: h, rgb };
}

/** Share of the pixels, 0 to 1, of which a channel differs by more than `tolerance`. Throws where sizes differ. */
export function shareOfDifference(a: ScreenPicture, b: ScreenPicture, tolerance: number): number {
  if (a.widthPx !== b.widthPx || a.heightPx !== b.heightPx) throw new RangeError('Expected pictures of one size');
  let different = 0;
  for (let at = 0; at < a.rgb.length; at += 3) {
    const differs = [0, 1, 2].some((c) => Math.abs((a.rgb[at + c] ?? 0) - (b.rgb[at + c] ?? 0)) > tolerance);
    if (differs) different += 1;
  }
  return different / (a.widthPx * a.heightPx);
}

/** Mean of all channels, 0 to 255. */
export function meanLevel(picture: ScreenPicture): number {
  return picture.rgb.reduce((sum, value) => sum + value, 0) / picture.rgb.length;
}

export async function savePicture(picture: ScreenPicture, path: string): Promise<void> {
  const { widthPx, heightPx, rgb } = picture;
  await sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .png()
    .toFile(path);
}
