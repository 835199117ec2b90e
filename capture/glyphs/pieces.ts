/**
 * Pieces: what of a line hangs together. Connected pixels of ink, those that stand above each other taken together (the dot of an i, a
 * colon, an accent), so that letters that only reach under or over each other stay apart.
 */
import { BLANK } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { INK } from './shape.ts';
import type { GlyphPixels } from './shape.ts';

/** Columns and rows of something, right and bottom exclusive. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Connected parts of the ink of a line. */
export interface Parts {
  readonly coverage: Coverage;
  /** Of every pixel the number of its part, from 1 on, as `Coverage.data` lies; 0 for none. */
  readonly numbers: Uint16Array;
  /** Part n is `boxes[n - 1]`. */
  readonly boxes: readonly Box[];
}

/** Parts that belong together. */
export interface Piece {
  readonly box: Box;
  readonly parts: ReadonlySet<number>;
}

/** Parts that share this much of the narrower one's width belong together. */
const SHARED = 0.5;
/** Faint pixels are followed so far, px: the thin end of a stroke. */
const FAINT_PX = 3;
/** What a line of text falls into is far less; a strip of noise is given up. */
const MOST_PARTS = 4096;

/** Connected parts of the ink (8 neighbours), left to right; those after the first 4096 are left away. */
export function partsOf(coverage: Coverage): Parts {
  const { data } = coverage;
  const numbers = new Uint16Array(data.length);
  const boxes: Box[] = [];
  for (let start = 0; start < data.length && boxes.length < MOST_PARTS; start++)
    if (data[start]! >= INK && numbers[start] === 0) boxes.push(fill(coverage, numbers, start, boxes.length + 1));
  return { coverage, numbers, boxes };
}

/** Calls `take` with the index of each of the up to 8 neighbours of a pixel. */
function forNeighbours({ width, height }: Coverage, at: number, take: (near: number) => void): void {
  const x = Math.floor(at / height);
  const y = at % height;
  for (let nearX = Math.max(0, x - 1); nearX <= Math.min(width - 1, x + 1); nearX++)
    for (let nearY = Math.max(0, y - 1); nearY <= Math.min(height - 1, y + 1); nearY++)
      if (nearX !== x || nearY !== y) take(nearX * height + nearY);
}

function fill(coverage: Coverage, numbers: Uint16Array, start: number, number: number): Box {
  const stack = [start];
  numbers[start] = number;
  const box = { left: coverage.width, right: 0, top: coverage.height, bottom: 0 };
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    grow(box, at, coverage.height);
    forNeighbours(coverage, at, (near) => {
      if (coverage.data[near]! < INK || numbers[near] !== 0) return;
      numbers[near] = number;
      stack.push(near);
    });
  }
  return box;
}

function grow(box: { left: number; right: number; top: number; bottom: number }, at: number, height: number): void {
  const x = Math.floor(at / height);
  const y = at % height;
  box.left = Math.min(box.left, x);
  box.right = Math.max(box.right, x + 1);
  box.top = Math.min(box.top, y);
  box.bottom = Math.max(box.bottom, y + 1);
}

/** The pieces whose middle lies between two columns, left to right. */
export function piecesBetween({ boxes }: Parts, from: number, to: number): readonly Piece[] {
  const pieces: { box: Box; parts: Set<number> }[] = [];
  for (const [index, box] of boxes.entries()) {
    const middle = (box.left + box.right) / 2;
    if (middle < from || middle >= to) continue;
    const over = pieces.find((piece) => {
      const shared = Math.min(box.right, piece.box.right) - Math.max(box.left, piece.box.left);
      return shared >= Math.min(box.right - box.left, piece.box.right - piece.box.left) * SHARED;
    });
    if (over === undefined) pieces.push({ box, parts: new Set([index + 1]) });
    else {
      over.box = around([over.box, box]);
      over.parts.add(index + 1);
    }
  }
  return pieces.sort((a, b) => a.box.left + a.box.right - b.box.left - b.box.right);
}

/** The box of boxes. */
export function around(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/** A glyph, and the column of the line that its first column stands in. */
export interface CutGlyph extends GlyphPixels {
  readonly x: number;
}

/**
 * The pixels of a piece with the faint ones that run on from it and touch nothing else.
 * @param base row that the letters stand on.
 */
export function cutPiece({ coverage, numbers }: Parts, piece: Piece, base: number): CutGlyph {
  const { height, data } = coverage;
  const box = { ...piece.box };
  const own = new Set<number>();
  for (let x = box.left; x < box.right; x++)
    for (let at = x * height + box.top; at < x * height + box.bottom; at++)
      if (piece.parts.has(numbers[at]!)) own.add(at);
  for (let ring = [...own], depth = 0; depth < FAINT_PX && ring.length > 0; depth++) {
    const next = new Set<number>();
    for (const at of ring)
      forNeighbours(coverage, at, (near) => {
        if (data[near]! >= BLANK && numbers[near] === 0 && !own.has(near)) next.add(near);
      });
    ring = [...next].filter((at) => !touchesOther(coverage, numbers, piece.parts, at));
    for (const at of ring) {
      own.add(at);
      grow(box, at, height);
    }
  }
  const rows = box.bottom - box.top;
  const out = new Uint8Array((box.right - box.left) * rows);
  for (const at of own) {
    const x = Math.floor(at / height);
    out[(x - box.left) * rows + (at % height) - box.top] = data[at]!;
  }
  return { width: box.right - box.left, height: rows, top: box.top - base, data: out, x: box.left };
}

function touchesOther(coverage: Coverage, numbers: Uint16Array, members: ReadonlySet<number>, at: number): boolean {
  let touches = false;
  forNeighbours(coverage, at, (near) => {
    if (numbers[near] !== 0 && !members.has(numbers[near]!)) touches = true;
  });
  return touches;
}
