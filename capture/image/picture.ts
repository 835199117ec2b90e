/**
 * The small picture of a line that is kept beside its text, so that a doubtful reading can be looked at and corrected.
 * Rows of a wrapped line stand below each other.
 */
import sharp from 'sharp';
import type { StripPicture } from '../events.ts';
import type { FusedStrip } from './recipe.ts';

// For the whole process: each picture is made once, and what libvips would keep of it for the next time is wasted.
sharp.cache(false);

/** A larger picture is left away: it would not be a line of chat. */
const MAX_PICTURE_BYTES = 64 * 1024;

/** Encodes the mean pixels of a line's rows as WebP; null where it cannot be done within 64 KiB. */
export async function encodePicture(rows: readonly FusedStrip[]): Promise<StripPicture | null> {
  const width = Math.max(0, ...rows.map((row) => row.width));
  const height = rows.reduce((sum, row) => sum + row.height, 0);
  if (width === 0 || height === 0) return null;
  const pixels = new Uint8Array(width * height * 3);
  let top = 0;
  for (const row of rows) {
    for (let y = 0; y < row.height; y++)
      pixels.set(row.mean.subarray(y * row.width * 3, (y + 1) * row.width * 3), (top + y) * width * 3);
    top += row.height;
  }
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .webp({ quality: 80, effort: 2 })
    .toBuffer();
  if (bytes.length > MAX_PICTURE_BYTES) return null;
  return { mime: 'image/webp', widthPx: width, heightPx: height, bytes: new Uint8Array(bytes) };
}
