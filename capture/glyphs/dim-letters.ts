/**
 * Dim letters: those that a chain of letters passes over because they are fainter than the others, on a brighter ground or in another
 * colour. They are looked for where there is room, and read at a strength of their own.
 */
import { explain } from './explaining.ts';
import type { Sighting } from './explaining.ts';
import { cutOut, FAINT, holdsText } from './hidden-text.ts';
import type { Gap } from './hidden-text.ts';
import type { KnownShapes } from './known-shapes.ts';
import type { Placed, TextLine } from './placing.ts';
import type { Spacing } from './spacing.ts';

/** A gap of more spaces has room for a word. */
const MOST_SPACES = 1.6;
/** Where there is less room, one letter at most is dimmer than the others, but no fainter than this. */
const FAINT_LETTER = 60;
/** Letters stand at most so much closer than usual, px. */
const CLOSER_PX = 1.2;
/** A dot or a dash stands by itself at most so many spaces from a letter. */
const NEAR_SPACES = 3;

/** A chain with the dimmer letters between and before its own; null where some ink may be letters and cannot be read. */
export function withDimLetters(
  line: TextLine,
  shapes: KnownShapes,
  chain: readonly Sighting[],
  spacing: Spacing,
): readonly Sighting[] | null {
  const whole: Sighting[] = [];
  for (const one of chain) {
    const gap = gapBetween(shapes, whole.at(-1) ?? null, one, spacing);
    if (holdsText(line, shapes, gap)) {
      const dim = dimLetters(line, shapes, gap);
      if (dim === null) return null;
      for (const letter of [...dim, one])
        if (holdsText(line, shapes, gapBetween(shapes, whole.at(-1) ?? null, letter, spacing))) return null;
        else whole.push(letter);
    } else whole.push(one);
  }
  return whole;
}

/** What lies before a letter, behind the one before it. */
function gapBetween(shapes: KnownShapes, before: Placed | null, one: Placed, spacing: Spacing): Gap {
  const from = before === null ? 0 : before.x + before.shape.width;
  const isWide = before === null || spacing.spacesBetween(before, one) > MOST_SPACES;
  const hasRoom = (placed: Placed): boolean => {
    const rooms = [before === null ? Infinity : spacing.room(before, placed), spacing.room(placed, one)];
    if (rooms.some((room) => room < -CLOSER_PX)) return false;
    return shapes.solid.has(placed.shape) || rooms.some((room) => room < NEAR_SPACES * spacing.width);
  };
  return { from, to: one.x, faint: isWide ? FAINT : FAINT_LETTER, hasRoom };
}

/** The letters in a gap, all its ink brought to full strength; null where they do not explain it. */
function dimLetters(line: TextLine, shapes: KnownShapes, { from, to, hasRoom }: Gap): readonly Sighting[] | null {
  const peak = Math.max(0, ...line.coverage.peaks.subarray(from, to));
  const found = explain(cutOut(line, from, to, peak), shapes, null)?.map(({ shape, x, cost, margin }) => ({
    shape,
    x: x + from,
    cost,
    margin,
  }));
  return found?.every((one) => shapes.solid.has(one.shape) && hasRoom?.(one) !== false) === true ? found : null;
}
