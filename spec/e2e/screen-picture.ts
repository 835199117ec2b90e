/**
 * A picture of the whole virtual screen, read from the framebuffer file that Xvfb keeps (`-fbdir`): an X window dump.
 * That needs no screenshot program and no permission, and shows what the compositor really put together.
 * Format: X11's XWDFile.h, version 7, big-endian header, 32 bits a pixel.
 */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** Rectangle in screen px. */
export interface ScreenRect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface ScreenPicture {
  readonly width: number;
  readonly height: number;
  /** RGB, row-major, `width * height * 3`. */
  readonly pixels: Uint8Array;
}

const versionAt = 4;
const fieldCount = 25;

/** Throws where the file is no dump of 32 bits a pixel: then Xvfb was started with another depth. */
export function parseWindowDump(dump: Buffer): ScreenPicture {
  const field = (index: number): number => dump.readUInt32BE(index * 4);
  if (dump.length < fieldCount * 4 || dump.readUInt32BE(versionAt) !== 7) {
    throw new Error(`Expected an X window dump of version 7 but received ${dump.length} other bytes`);
  }
  const [headerSize, width, height] = [field(0), field(4), field(5)];
  const [byteOrder, bitsPerPixel, bytesPerLine, colours] = [field(7), field(11), field(12), field(19)];
  if (bitsPerPixel !== 32) throw new Error(`Expected 32 bits a pixel but received ${bitsPerPixel}`);
  const start = headerSize + colours * 12;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = start + y * bytesPerLine + x * 4;
      const pixel = byteOrder === 0 ? dump.readUInt32LE(at) : dump.readUInt32BE(at);
      const to = (y * width + x) * 3;
      pixels[to] = (pixel >> 16) & 0xff;
      pixels[to + 1] = (pixel >> 8) & 0xff;
      pixels[to + 2] = pixel & 0xff;
    }
  }
  return { width, height, pixels };
}

/** @param folder the `-fbdir` of an Xvfb with one screen. */
export function takeScreenPicture(folder: string): ScreenPicture {
  return parseWindowDump(readFileSync(`${folder}/Xvfb_screen0`));
}

/** Throws RangeError where the rectangle leaves the picture. */
export function cropPicture(picture: ScreenPicture, rect: ScreenRect): ScreenPicture {
  const { x, y, w, h } = rect;
  if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > picture.width || y + h > picture.height) {
    throw new RangeError(`Expected a rectangle inside the picture but received ${x},${y},${w},${h}`);
  }
  const pixels = new Uint8Array(w * h * 3);
  for (let row = 0; row < h; row += 1) {
    const from = ((y + row) * picture.width + x) * 3;
    pixels.set(picture.pixels.subarray(from, from + w * 3), row * w * 3);
  }
  return { width: w, height: h, pixels };
}

/** Share of the pixels, 0 to 1, of which a channel differs by more than `tolerance`. Sizes must be equal. */
export function shareOfDifference(a: ScreenPicture, b: ScreenPicture, tolerance: number): number {
  if (a.width !== b.width || a.height !== b.height) throw new RangeError('Expected pictures of one size');
  let different = 0;
  for (let at = 0; at < a.pixels.length; at += 3) {
    const differs = [0, 1, 2].some((c) => Math.abs((a.pixels[at + c] ?? 0) - (b.pixels[at + c] ?? 0)) > tolerance);
    if (differs) different += 1;
  }
  return different / (a.width * a.height);
}

export async function savePicture(picture: ScreenPicture, path: string): Promise<void> {
  const { width, height, pixels } = picture;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}
