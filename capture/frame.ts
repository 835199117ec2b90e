/**
 * Frames, the input of the reader: the pixels of one chat region at one moment. Sources (`grab/`) make them, the
 * pipeline consumes them. Everything downstream speaks region pixels: x right, y down, origin at the region's corner.
 */

/** Rectangle in whole pixels of the picture that it cuts; `w` and `h` are at least 1. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** One picture of a chat region. */
export interface Frame {
  /** When it was taken: milliseconds of the source's clock (Unix time when live, time of the recording when replayed). */
  readonly tMs: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, row-major, 8 bits a channel, `width * height * 4` bytes; alpha is ignored. */
  readonly pixels: Uint8Array;
}
