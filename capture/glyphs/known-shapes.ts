/** Known shapes, by how easily scene is taken for them. */
import type { Shape } from './shape.ts';

export interface KnownShapes {
  readonly all: readonly Shape[];
  /** No dots and dashes. */
  readonly tall: readonly Shape[];
  /** Nor what is two dots: letters that are made out where scene lies over them. */
  readonly solid: ReadonlySet<Shape>;
  /** How strong scene may be that shines through beside the letters: they are told by stronger ink alone. */
  readonly clutterLevels: readonly number[];
  /** Natural logarithm of how much more lines showed the commonest shape. */
  rarityOf(shape: Shape): number;
}

/** Lower shapes, as a share of the tallest, fit scene too often to tell text, */
const TALL = 0.5;
/** and so do those with less ink, as a share of what is usual, where scene shines through. */
const SOLID = 0.5;

/** Levels that are tried where letters keep this share of their ink above them, but for this share of the letters. */
const LEVELS = [160, 190] as const;
const KEPT_INK = 0.4;
const EXEMPT = 0.1;
/** A bar is at most so wide, in its heights, and filled by so much. */
const BAR_WIDTH = 0.25;
const BAR_FILL = 0.55;

/** @param all shapes of which it is known what they are; may be none. */
export function knownShapes(all: readonly Shape[]): KnownShapes {
  const tallest = Math.max(0, ...all.map(({ height }) => height));
  const masses = all.map(({ mass }) => mass).sort((a, b) => a - b);
  const usual = masses[masses.length >> 1] ?? 0;
  const tall = all.filter(({ height }) => height >= tallest * TALL);
  const most = Math.max(1, ...all.map(linesOf));
  const rarityOf = (shape: Shape): number => Math.log(most / Math.max(1, linesOf(shape)));
  const solid = tall.filter((shape) => shape.mass >= usual * SOLID && !isBar(shape));
  const clutterLevels = LEVELS.filter((level) => keepInk(solid, level));
  return { all, tall, solid: new Set(solid), clutterLevels, rarityOf };
}

/** Whether letters are still themselves where all fainter ink is taken away. */
function keepInk(shapes: readonly Shape[], level: number): boolean {
  const kept = shapes.map(({ data, mass }) => {
    const strong = data.reduce((sum, value) => sum + (value > level ? value : 0), 0);
    return strong / 255 / Math.max(1, mass);
  });
  kept.sort((a, b) => a - b);
  return (kept[Math.floor(kept.length * EXEMPT)] ?? 0) >= KEPT_INK;
}

/** An upright stroke is as likely the edge of something. */
function isBar({ width, height, mass }: Shape): boolean {
  return width <= height * BAR_WIDTH && mass >= width * height * BAR_FILL;
}

function linesOf({ ballot }: Shape): number {
  return ballot.top?.lines ?? 0;
}
