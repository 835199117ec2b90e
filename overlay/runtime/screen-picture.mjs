/**
 * What a virtual display shows, read from the file in which Xvfb keeps its screen, an X window dump (XWDFile.h of the
 * X11 protocol headers, version 7): no program of the system is needed to take a screenshot, and no window is asked.
 */
import { readFileSync } from 'node:fs';
import { fail, reasonOf, succeed } from './result.mjs';

/** XWDFile.h: the header is 25 words of 32 bits, most significant byte first; then name, colours (12 bytes each), pixels. */
const XWD = { version: 7, zPixmap: 2, headerBytes: 100, colourBytes: 12 };
const LARGEST_SIDE_PX = 16_384;

/**
 * @typedef {{ readonly widthPx: number, readonly heightPx: number, readonly rgb: Uint8Array }} ScreenPicture
 *   rgb: row-major, width*height*3
 */

/**
 * @param {string} framebufferFile what `startVirtualDisplay` returned
 * @returns {import('./result.mjs').Result<ScreenPicture>} error: `screen-picture`
 */
export function readScreen(framebufferFile) {
  try {
    return decodeWindowDump(readFileSync(framebufferFile));
  } catch (thrown) {
    return fail('screen-picture', `The virtual screen could not be read: ${reasonOf(thrown)}.`);
  }
}

/**
 * @param {Buffer} dump
 * @returns {import('./result.mjs').Result<ScreenPicture>} error: `screen-picture`, for any dump but 32 bits a pixel,
 *   true colour, in one plane: all that Xvfb writes at depth 24
 */
export function decodeWindowDump(dump) {
  if (dump.length < XWD.headerBytes)
    return fail('screen-picture', 'Expected an X window dump but received less than its header.');
  const word = (/** @type {number} */ index) => dump.readUInt32BE(index * 4);
  const headerBytes = word(0);
  const [widthPx, heightPx, byteOrder, bitsPerPixel, rowBytes] = [word(4), word(5), word(7), word(11), word(12)];
  const pixelsAt = headerBytes + word(19) * XWD.colourBytes;
  const isKnown = word(1) === XWD.version && word(2) === XWD.zPixmap && bitsPerPixel === 32;
  const isSane =
    widthPx > 0 && heightPx > 0 && Math.max(widthPx, heightPx) <= LARGEST_SIDE_PX && rowBytes >= widthPx * 4;
  if (!isKnown || !isSane || dump.length < pixelsAt + rowBytes * heightPx) {
    return fail(
      'screen-picture',
      `Expected a whole X window dump of 32 bits a pixel but received ${widthPx}x${heightPx} at ${bitsPerPixel} bits.`,
    );
  }
  // The pixel is 0x00RRGGBB in the byte order of the server.
  const [red, green, blue] = byteOrder === 0 ? [2, 1, 0] : [1, 2, 3];
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  let to = 0;
  for (let y = 0; y < heightPx; y += 1) {
    const row = pixelsAt + y * rowBytes;
    for (let at = row; at < row + widthPx * 4; at += 4) {
      rgb[to] = dump[at + red] ?? 0;
      rgb[to + 1] = dump[at + green] ?? 0;
      rgb[to + 2] = dump[at + blue] ?? 0;
      to += 3;
    }
  }
  return succeed({ widthPx, heightPx, rgb });
}

/**
 * @param {string} framebufferFile
 * @param {string} pngFile
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `screen-picture`
 */
export async function saveScreenPng(framebufferFile, pngFile) {
  const screen = readScreen(framebufferFile);
  if (!screen.ok) return screen;
  const { default: sharp } = await import('sharp');
  const { widthPx, heightPx, rgb } = screen.value;
  try {
    await sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
      .png()
      .toFile(pngFile);
    return succeed(null);
  } catch (thrown) {
    return fail('screen-picture', `The screenshot could not be saved: ${reasonOf(thrown)}.`);
  }
}
