/**
 * Regions on the live picture: drawn, moved and resized. All values relative to the captured picture, 0 to 1, as the
 * settings keep them; `pixelPx` sizes tell how large one captured pixel is, so that a key moves by whole pixels.
 */
import type { RelativeRegion } from '../../ipc/index.ts';

/** Most regions of one game. */
export const regionCapacity = 4;

/** A point relative to the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a drag holds: the whole region or one of its edges and corners, by compass. */
export const grips = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Grip = (typeof grips)[number] | 'move';

/** The grip of that name, or null. */
export function gripNamed(name: string | null): (typeof grips)[number] | null {
  return grips.find((grip) => grip === name) ?? null;
}

function percent(value: number): string {
  return `${value * 100}%`;
}

/** A region's place as CSS, in percent of the picture. */
export function regionPlace(region: RelativeRegion): Record<'left' | 'top' | 'width' | 'height', string> {
  return { left: percent(region.x), top: percent(region.y), width: percent(region.w), height: percent(region.h) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** Smallest edge that drawing, sizing and keys leave: a region cannot be lost from sight. */
export const smallestEdge = 0.01;

/** The region between two points, in any order, cut at the picture's edges; null for a slip of the mouse. */
export function regionBetween(a: Point, b: Point): RelativeRegion | null {
  const x = clamp(Math.min(a.x, b.x), 0, 1);
  const y = clamp(Math.min(a.y, b.y), 0, 1);
  const w = clamp(Math.max(a.x, b.x), 0, 1) - x;
  const h = clamp(Math.max(a.y, b.y), 0, 1) - y;
  return w < smallestEdge || h < smallestEdge ? null : { x, y, w, h };
}

/** The region moved by a step, kept inside the picture. */
export function moveRegion(region: RelativeRegion, dx: number, dy: number): RelativeRegion {
  return { ...region, x: clamp(region.x + dx, 0, 1 - region.w), y: clamp(region.y + dy, 0, 1 - region.h) };
}

/** The region with the edges of `grip` moved by a step; edges do not cross and do not leave the picture. */
export function resizeRegion(
  region: RelativeRegion,
  grip: Exclude<Grip, 'move'>,
  dx: number,
  dy: number,
): RelativeRegion {
  let left = region.x;
  let right = region.x + region.w;
  let top = region.y;
  let bottom = region.y + region.h;
  if (grip.includes('w')) left = clamp(left + dx, 0, right - smallestEdge);
  if (grip.includes('e')) right = clamp(right + dx, left + smallestEdge, 1);
  if (grip.includes('n')) top = clamp(top + dy, 0, bottom - smallestEdge);
  if (grip.includes('s')) bottom = clamp(bottom + dy, top + smallestEdge, 1);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** The region after a drag from its first place by a step. */
export function dragRegion(region: RelativeRegion, grip: Grip, dx: number, dy: number): RelativeRegion {
  return grip === 'move' ? moveRegion(region, dx, dy) : resizeRegion(region, grip, dx, dy);
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The keys of a region: arrows move, with Shift they size the right and bottom edges; with Ctrl by one pixel, else by eight. */
export interface RegionKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
}

/** The region after a key, or null where the key means nothing to it. `picture`: size of the captured picture, px. */
export function keyRegion(
  region: RelativeRegion,
  key: RegionKey,
  picture: { readonly widthPx: number; readonly heightPx: number },
): RelativeRegion | null {
  const arrow = arrows[key.key];
  if (arrow === undefined) return null;
  const stepPx = key.ctrlKey ? 1 : 8;
  const dx = (arrow.x * stepPx) / Math.max(1, picture.widthPx);
  const dy = (arrow.y * stepPx) / Math.max(1, picture.heightPx);
  return key.shiftKey ? resizeRegion(region, 'se', dx, dy) : moveRegion(region, dx, dy);
}

/** A region for a picture that has none: the lower left, where most games keep their chat; further ones beside it. */
export function suggestRegion(taken: number): RelativeRegion {
  const shift = taken * 0.04;
  return { x: 0.02 + shift, y: 0.6 - shift, w: 0.4, h: 0.35 };
}

/** Size of a region in captured pixels, whole. */
export function regionPx(
  region: RelativeRegion,
  picture: { readonly widthPx: number; readonly heightPx: number },
): { readonly widthPx: number; readonly heightPx: number } {
  return { widthPx: Math.round(region.w * picture.widthPx), heightPx: Math.round(region.h * picture.heightPx) };
}
