/**
 * Shape store: the shapes of one font, bounded. A glyph that looks like a known shape is taken into it, another becomes a shape of its
 * own; where there is no room the one that was least seen, or not seen for longest, makes way.
 */
import type { CutGlyph } from './pieces.ts';
import { place } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';
import { Shape } from './shape.ts';

/** A font of one size has some hundred glyphs; a game draws its chat in one or two. */
export const MOST_SHAPES = 512;
/** Pixels of all shapes, two bytes each. */
export const MOST_PIXELS = 512 * 1024;
/** Boxes of like glyphs differ by so many px at most: faint edges. */
const BOX_PX = 2;
/** A shape may leave so many columns of a glyph to either side unexplained: faint ones. */
const EDGE_PX = 1;
/** A shape that lines do not agree on is dropped when it was not seen for so many lines. */
const STALE_LINES = 500;

export class ShapeStore {
  readonly #shapes: Shape[];
  #pixels = 0;

  /** @param shapes those of a file, within the bounds. */
  constructor(shapes: readonly Shape[] = []) {
    this.#shapes = [...shapes];
    for (const { data } of shapes) this.#pixels += data.length;
  }

  get all(): readonly Shape[] {
    return this.#shapes;
  }

  /** Shapes that are read as `text` for the most part. */
  labelled(text: string): readonly Shape[] {
    return this.#shapes.filter((shape) => shape.ballot.top?.text === text);
  }

  /** The shape that a glyph of a line looks like most; null where it looks like none. */
  find(line: TextLine, glyph: CutGlyph): Placed | null {
    let best: Placed | null = null;
    for (const shape of this.#shapes) {
      if (Math.abs(shape.width - glyph.width) > BOX_PX || Math.abs(shape.height - glyph.height) > BOX_PX) continue;
      const from = Math.max(glyph.x - EDGE_PX, glyph.x + glyph.width - EDGE_PX - shape.width);
      for (let x = from; x <= glyph.x + EDGE_PX; x++) {
        const placed = place(line, shape, x, null, Infinity);
        if (placed !== null && (best === null || placed.cost < best.cost)) best = placed;
      }
    }
    return best;
  }

  /** Takes a glyph into the shape that it looks like, or makes one of it. */
  take(line: TextLine, glyph: CutGlyph, lines: number): Placed {
    const found = this.find(line, glyph);
    if (found !== null) {
      absorb(line, found);
      return found;
    }
    const shape = new Shape(glyph, lines);
    this.#shapes.push(shape);
    this.#pixels += shape.data.length;
    this.#makeRoom(shape, lines);
    return { shape, x: glyph.x, cost: 0 };
  }

  #makeRoom(fresh: Shape, lines: number): void {
    const stale = this.#shapes.filter((shape) => !shape.ballot.isCounted && lines - shape.lastLine > STALE_LINES);
    for (const shape of stale) this.#drop(shape);
    while (this.#shapes.length > MOST_SHAPES || this.#pixels > MOST_PIXELS) {
      const others = this.#shapes.filter((shape) => shape !== fresh);
      const least = others.reduce((worst, shape) => (isWorthLess(shape, worst) ? shape : worst), others[0] ?? fresh);
      this.#drop(least);
    }
  }

  #drop(shape: Shape): void {
    this.#shapes.splice(this.#shapes.indexOf(shape), 1);
    this.#pixels -= shape.data.length;
  }
}

function isWorthLess(a: Shape, b: Shape): boolean {
  if (a.ballot.isCounted !== b.ballot.isCounted) return b.ballot.isCounted;
  return a.lastLine < b.lastLine;
}

function absorb({ coverage: { height, data }, base }: TextLine, { shape, x }: Placed): void {
  const y = base + shape.top;
  if (y < 0 || y + shape.height > height) return;
  const sample = new Uint8Array(shape.width * shape.height);
  for (let column = 0; column < shape.width; column++) {
    const from = (x + column) * height + y;
    sample.set(data.subarray(from, from + shape.height), column * shape.height);
  }
  shape.absorb(sample);
}
