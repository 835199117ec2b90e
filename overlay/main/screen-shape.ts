/** A window's shape with holes: what the overlay leaves free where the screen under it is read. Pure. */

/** DIP, whole numbers. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `whole` without `holes`, as rectangles that do not overlap. */
export function cutOut(whole: Rectangle, holes: readonly Rectangle[]): Rectangle[] {
  let parts = [whole];
  for (const hole of holes) parts = parts.flatMap((part) => cutOne(part, hole));
  return parts;
}

function cutOne(part: Rectangle, hole: Rectangle): Rectangle[] {
  const left = Math.max(part.x, hole.x);
  const top = Math.max(part.y, hole.y);
  const right = Math.min(part.x + part.width, hole.x + hole.width);
  const bottom = Math.min(part.y + part.height, hole.y + hole.height);
  if (left >= right || top >= bottom) return [part];
  return [
    { x: part.x, y: part.y, width: part.width, height: top - part.y },
    { x: part.x, y: bottom, width: part.width, height: part.y + part.height - bottom },
    { x: part.x, y: top, width: left - part.x, height: bottom - top },
    { x: right, y: top, width: part.x + part.width - right, height: bottom - top },
  ].filter(({ width, height }) => width > 0 && height > 0);
}
