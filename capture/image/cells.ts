/**
 * Cells: the rows of pixels that each line of text takes, once the distance of lines is known. A line gets its whole height
 * though its letters have neither ascenders nor descenders, at the place where the known lines say that lines stand.
 */
import type { InkMap } from './ink.ts';
import { baselineOf, rowProfile } from './rows.ts';
import type { Band, Span } from './rows.ts';

/** Share of a line's height above its baseline: capitals, and room for their accents. */
const ABOVE_BASELINE = 0.77;

/** Where a line of text stands: its rows of pixels, and the one that its letters stand on. */
export interface Cell extends Band {
  readonly baseline: number;
}

/** The rows that a line takes whose letters stand on `baseline`. */
function cellAt(baseline: number, pitchPx: number): Cell {
  const top = baseline + 1 - Math.round(pitchPx * ABOVE_BASELINE);
  return { top, bottom: top + Math.ceil(pitchPx), baseline };
}

/** Stroke pixels of the rows at which a cell's edges cut through letters. */
function inkAtEdges(profile: Uint16Array, { top, bottom }: Cell): number {
  const inkAt = (y: number): number => profile[y] ?? 0;
  return Math.min(inkAt(top - 1), inkAt(top)) + Math.min(inkAt(bottom - 1), inkAt(bottom));
}

/** The cell of most worth whose baseline lies from `from` to `to`; of equal ones that nearest to `baseline`. */
function bestCell(from: number, to: number, baseline: number, pitch: number, worth: (cell: Cell) => number): Cell {
  let best = cellAt(baseline, pitch);
  let most = -Infinity;
  const widest = Math.max(baseline - from, to - baseline);
  for (let step = 0; step <= 2 * widest; step++) {
    const at = baseline + (step % 2 === 0 ? step / 2 : -(step + 1) / 2);
    if (at < from || at > to) continue;
    const cell = cellAt(at, pitch);
    const value = worth(cell);
    if (value <= most) continue;
    most = value;
    best = cell;
  }
  return best;
}

/**
 * The cell of a line, moved by up to `reachPx` to where its edges cut no letters: the distance of lines is not always a
 * whole number of pixels, and the first line's baseline is a guess.
 */
function settleCell(profile: Uint16Array, baseline: number, pitch: number, reachPx: number): Cell {
  return bestCell(baseline - reachPx, baseline + reachPx, baseline, pitch, (cell) => -inkAtEdges(profile, cell));
}

/** Rows of one message may be set closer than messages are: this far, relative to the distance of lines. */
const CLOSEST = 0.7;
/** A place off the grid must be better by so much, in the mean ink of a row. */
const BETTER = 0.5;

/**
 * The cells of several rows that came at once, from the one on `baseline` to `bottom`: each stands where the profile
 * falls steeply below its letters and its edges cut few of others.
 * @param wide see `Profiles`.
 */
function cellsOfRows(wide: Uint16Array, baseline: number, bottom: number, pitch: number, reachPx: number): Cell[] {
  const cells: Cell[] = [];
  const worth = (cell: Cell): number =>
    (wide[cell.baseline] ?? 0) - (wide[cell.baseline + 1] ?? 0) - inkAtEdges(wide, cell);
  let grid = baseline;
  while (grid <= bottom + pitch * 0.3) {
    const at = Math.round(grid);
    const near = bestCell(at - reachPx, at + reachPx, at, pitch, worth);
    const rows = wide.subarray(Math.max(0, near.top), Math.max(0, near.bottom));
    const mean = rows.reduce((sum, ink) => sum + ink, 0) / Math.max(1, rows.length);
    const above = cells.at(-1)?.baseline ?? at;
    const closer = bestCell(above + Math.round(pitch * CLOSEST), at - reachPx - 1, at, pitch, worth);
    const isCloser = cells.length > 0 && worth(closer) >= worth(near) + BETTER * mean;
    const cell = isCloser ? closer : near;
    cells.push(cell);
    grid = (isCloser ? cell.baseline : grid) + pitch;
  }
  return cells;
}

/** Stroke pixels a row. */
export interface Profiles {
  /** Over the columns where lines begin. */
  readonly starts: Uint16Array;
  /** Over all columns: the rows of a long message are full, also those that begin where no line begins. */
  readonly wide: Uint16Array;
}

/** Profiles of a frame; the wide one, which few frames need, is made when it is asked for. */
export class FrameProfiles implements Profiles {
  readonly starts: Uint16Array;
  readonly #makeWide: () => Uint16Array;
  #wide: Uint16Array | null = null;

  constructor(ink: InkMap, columns: Span, threshold: number) {
    this.starts = rowProfile(ink, columns, threshold);
    this.#makeWide = () => rowProfile(ink, { left: columns.left, right: ink.width }, threshold);
  }

  get wide(): Uint16Array {
    return (this.#wide ??= this.#makeWide());
  }
}

/** Bands nearer to each other than this may be rows of one message, relative to the distance of lines. */
const NEAR = 0.6;
/** A band higher than this holds several lines. */
const SEVERAL = 1.4;

/**
 * The lines of the bands between two known lines.
 * @param known a row of pixels that letters of known lines stand on, null where none is known.
 */
export function findCells(bands: readonly Band[], profiles: Profiles, pitch: number, known: number | null): Cell[] {
  const groups: Band[][] = [];
  for (const band of bands) {
    const last = groups.at(-1);
    if (last !== undefined && band.top - (last.at(-1)?.bottom ?? 0) < pitch * NEAR) last.push(band);
    else groups.push([band]);
  }
  return groups.flatMap((group) => {
    const whole = { top: group[0]?.top ?? 0, bottom: group.at(-1)?.bottom ?? 0 };
    const isSeveral = whole.bottom - whole.top > pitch * SEVERAL;
    return (isSeveral ? [whole] : group).flatMap((band) => cellsOfBand(band, profiles, pitch, known));
  });
}

function cellsOfBand(band: Band, profiles: Profiles, pitch: number, known: number | null): Cell[] {
  const { starts } = profiles;
  const baseline = baselineOf(starts, band);
  const origin = known ?? baseline;
  const reach = known === null ? Math.round(pitch * 0.35) : 2;
  const first = origin + Math.ceil((band.top - origin) / pitch) * pitch;
  if (band.bottom - band.top > pitch * SEVERAL) return cellsOfRows(profiles.wide, first, band.bottom, pitch, reach);
  const cells: Cell[] = [];
  for (let at = first; at <= band.bottom + pitch * 0.3; at += pitch)
    cells.push(settleCell(starts, Math.round(at), pitch, reach));
  const near = cells.find((cell) => Math.abs(cell.baseline - baseline) <= pitch * 0.3);
  const own = cellAt(baseline, pitch);
  if (near === undefined) return [own];
  // Below rows that are set closer the grid of the lines above is off: letters that it would cut stand elsewhere.
  const isOff = Math.abs(near.baseline - baseline) > reach && inkAtEdges(starts, own) * 2 < inkAtEdges(starts, near);
  return [isOff ? own : near];
}
