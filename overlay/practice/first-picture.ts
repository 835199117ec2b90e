/**
 * Sees to it that the lobby's window shows its canvas. Chromium starts its display process twice where there is no graphics
 * card; a canvas that is handed over between the two is drawn on and never shown: in one start of six on a busy machine, with
 * Electron 33. Another size gives it another way to the screen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserWindow, NativeImage } from 'electron';

const LOOK_AFTER_MS = 1_000;
const RESIZED_MS = 300;
const TRIES = 10;
/** A strip from the top to the bottom of the window: the scene has a different colour at each height. */
const STRIP_WIDTH_PX = 4;
/** Of 255. */
const LEAST_DIFFERENCE = 4;

/** Resolves once the canvas is seen, the window is closed, or after some seconds in vain. */
export async function awaitFirstPicture(window: BrowserWindow): Promise<void> {
  for (let count = 0; count < TRIES; count += 1) {
    await sleep(LOOK_AFTER_MS);
    if (window.isDestroyed() || !window.isVisible()) return;
    const [widthPx = 0, heightPx = 0] = window.getContentSize();
    const picture = await window.webContents.capturePage({ x: 0, y: 0, width: STRIP_WIDTH_PX, height: heightPx });
    if (window.isDestroyed() || !isFlat(picture)) return;
    window.setContentSize(widthPx, heightPx + 1);
    await sleep(RESIZED_MS);
    if (!window.isDestroyed()) window.setContentSize(widthPx, heightPx);
  }
}

/** Whether a picture has one colour only; an empty one has. */
function isFlat(picture: NativeImage): boolean {
  // BGRA, row-major.
  const pixels = picture.toBitmap();
  for (let at = 4; at < pixels.length; at += 4) {
    for (let channel = 0; channel < 3; channel += 1) {
      if (Math.abs((pixels[at + channel] ?? 0) - (pixels[channel] ?? 0)) > LEAST_DIFFERENCE) return false;
    }
  }
  return true;
}
