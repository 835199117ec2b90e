/** From a region relative to the captured picture to whole pixels of that picture. */
import type { GrabRegion } from './messages.ts';

/** Below this no line of chat fits: the smallest legible fonts are about 6 px high. */
export const MIN_REGION_PX = 8;

/** Pixels of the captured picture; even, because the video formats carry colour for two by two pixels. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `fits` is false where nothing could be read in the region; `rect` then must not be used to copy pixels. */
export interface PlacedRegion {
  readonly rect: PixelRect;
  readonly fits: boolean;
}

/** `widthPx` and `heightPx` are those of the captured picture. The rectangle lies within it. */
export function placeRegion(region: GrabRegion, widthPx: number, heightPx: number): PlacedRegion {
  const [x, width] = span(region.x, region.w, widthPx);
  const [y, height] = span(region.y, region.h, heightPx);
  return { rect: { x, y, width, height }, fits: width >= MIN_REGION_PX && height >= MIN_REGION_PX };
}

function span(start: number, length: number, limitPx: number): readonly [number, number] {
  const evenLimit = limitPx - (limitPx % 2);
  const from = Math.min(evenDown(start * limitPx), evenLimit);
  const to = Math.min(evenUp((start + length) * limitPx), evenLimit);
  return [from, Math.max(0, to - from)];
}

/** Rounding noise of the relative value (0.1 + 0.2) must not widen the region by two pixels. */
const NOISE_PX = 1e-6;

function evenDown(value: number): number {
  return Math.max(0, 2 * Math.floor((value + NOISE_PX) / 2));
}

function evenUp(value: number): number {
  return 2 * Math.ceil((value - NOISE_PX) / 2);
}
