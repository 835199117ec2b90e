/**
 * Spacing: whether a gap between two letters holds a space. Each shape keeps some room to its left and right, which the gaps
 * within words tell; what a gap between words is wider is the space. So a dot in a monospaced font has room around it, and no space.
 */
import type { Placed } from './placing.ts';
import type { Shape } from './shape.ts';

/** Spaces after which their width is known, */
const ENOUGH_SPACES = 3;
/** and after which what differs from it is a mistake of the reading. */
const SURE_SPACES = 12;
const MOST_SPACES = 64;
/** Gaps by which a shape's room moves; the mean of so many. */
const MOST_GAPS = 12;
/** A gap within a word is at most so many spaces wider than the room of its letters, where that is known from so many gaps, */
const KNOWN_GAPS = 3;
const MOST_KNOWN = 0.6;
/** and where it is not. */
const MOST_NEW = 1.1;
/** Nearer to half a space than this share of one, it is not clear what a gap is, */
const UNCLEAR = 0.08;
/** and letters that stand so many spaces closer than usual are none, */
const MOST_OVER = 0.5;
/** nor are those that stand closer by more than one px and this share of the narrower one: an i is no two thin ones. */
const MOST_OVER_NARROW = 0.4;

export class Spacing {
  /** Width of a space, px, and of how many it is the mean. */
  width: number;
  count: number;

  constructor(width = 0, count = 0) {
    this.width = width;
    this.count = count;
  }

  /** Width of a space, px; null before it is sure. */
  get spacePx(): number | null {
    return this.count < SURE_SPACES ? null : this.width;
  }

  /** Whether a space stands between two letters; null where it is not clear, or where they stand over each other. */
  isSpace(left: Placed, right: Placed): boolean | null {
    if (this.count < ENOUGH_SPACES) return null;
    const share = this.spacesBetween(left, right);
    const over = -this.room(left, right);
    const narrower = Math.min(pitchOf(left), pitchOf(right));
    const isOver = share < -MOST_OVER || over > Math.max(1, MOST_OVER_NARROW * narrower);
    return Math.abs(share - 0.5) < UNCLEAR || isOver ? null : share > 0.5;
  }

  /** How much further two letters stand apart than letters of one word do, px. */
  room(left: Placed, right: Placed): number {
    return right.x - left.x - left.shape.width - left.shape.right - right.shape.left;
  }

  /** How many spaces there is room for between two letters. */
  spacesBetween(left: Placed, right: Placed): number {
    return this.room(left, right) / Math.max(1, this.width);
  }

  /** Takes a gap of a reading into account. */
  learn(left: Placed, right: Placed, isSpace: boolean): void {
    const excess = this.room(left, right);
    const isSure = this.count >= SURE_SPACES;
    if (isSpace) {
      if (isSure && Math.abs(excess - this.width) > this.width / 2) return;
      this.count = Math.min(MOST_SPACES, this.count + 1);
      this.width += (excess - this.width) / this.count;
      // Some letters seldom stand but at one end of a word.
      if (isSure) move(left, right, (excess - this.width) / 2);
      return;
    }
    const isNew = Math.min(left.shape.gaps, right.shape.gaps) < KNOWN_GAPS;
    if (isSure && excess > this.width * (isNew ? MOST_NEW : MOST_KNOWN)) return;
    move(left, right, excess);
  }
}

/** A letter with the room that it keeps, px. */
function pitchOf({ shape }: Placed): number {
  return shape.width + shape.left + shape.right;
}

/** Moves the room that two shapes keep towards what a gap between them tells: half of the excess is each shape's own. */
function move(left: Placed, right: Placed, excess: number): void {
  left.shape.right += excess / rate(left.shape);
  right.shape.left += excess / rate(right.shape);
}

function rate(shape: Shape): number {
  shape.gaps = Math.min(MOST_GAPS, shape.gaps + 1);
  return shape.gaps + 1;
}
