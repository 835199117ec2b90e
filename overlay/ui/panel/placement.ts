/**
 * Where the panel stands after it was dragged: an offset from the middle of the screen, never so far that its header is
 * out of reach. CSS px.
 */

export interface Offset {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly w: number;
  readonly h: number;
}

/** The offset, kept so that the panel stays on the screen; a panel larger than the screen keeps its header in sight. */
export function clampOffset(offset: Offset, panel: Size, view: Size): Offset {
  const roomX = Math.max(0, (view.w - panel.w) / 2);
  const roomY = Math.max(0, (view.h - panel.h) / 2);
  return { x: Math.max(-roomX, Math.min(roomX, offset.x)), y: Math.max(-roomY, Math.min(roomY, offset.y)) };
}
