/**
 * Finds the chat in pictures of a game's whole window, about one a second: text that stands still in lines and jumps by
 * whole lines when one is added, at one place again and again, while the scene moves and other displays stay as they are.
 * It proposes; the user decides.
 */
import type { Frame, Rect } from '../frame.ts';
import type { Polarity } from '../image/ink.ts';
import { WORD_PX } from '../image/bits.ts';
import { inkBitsOf } from './ink-bits.ts';
import type { InkBits } from './ink-bits.ts';
import { CELL_ROWS, findMovedCells } from './scroll.ts';
import type { MovedCell } from './scroll.ts';

export interface ChatProposal {
  /** Pixels of the pictures that were looked at. */
  readonly rect: Rect;
  /** How many times lines were seen to move there. */
  readonly jumps: number;
}

/** Cells that must move together, and jumps that must be seen, before it is called a chat. */
const LEAST_CELLS = 5;
const LEAST_JUMPS = 2;
const LEAST_EVIDENCE = 24;
/** Cells of one chat are no further apart: a blank in a line, a gap between lines. */
const NEAR_COLUMNS = 3;
const NEAR_ROWS = 3;
/** Lines may be longer than those seen: this share of their width is added, and so much of the window's it has at least. */
const ROOM_RIGHT = 0.25;
const LEAST_WIDTH = 0.45;
const MARGIN_PX = 4;

/** One jump of a group of cells by the same distance. */
interface Jump {
  readonly upPx: number;
  readonly cells: readonly MovedCell[];
}

/** Evidence for one direction of growth: how often each cell took part in a jump. */
interface Heat {
  readonly counts: Map<number, number>;
  readonly jumps: Jump[];
}

export class ChatFinder {
  readonly #polarity: Polarity;
  readonly #looks: InkBits[] = [];
  #up: Heat = { counts: new Map(), jumps: [] };
  #down: Heat = { counts: new Map(), jumps: [] };

  constructor(polarity: Polarity) {
    this.#polarity = polarity;
  }

  /** Takes the next picture; one of another size begins anew. */
  look(frame: Frame): void {
    const look = inkBitsOf(frame, this.#polarity);
    const last = this.#looks.at(-1);
    if (last !== undefined && (last.width !== look.width || last.height !== look.height)) this.#forget();
    this.#looks.push(look);
    const [before, from, to, after] = this.#looks;
    if (before === undefined || from === undefined || to === undefined || after === undefined) return;
    this.#looks.shift();
    const jump = jumpOf(findMovedCells([before, from, to, after]));
    if (jump !== null) addJump(jump.upPx > 0 ? this.#up : this.#down, jump);
  }

  /** The likeliest place of the chat so far, or null. */
  propose(): ChatProposal | null {
    const look = this.#looks.at(-1);
    if (look === undefined) return null;
    const places = [this.#up, this.#down].flatMap((heat) => placeOf(heat) ?? []);
    const [best] = places.sort((a, b) => b.evidence - a.evidence);
    return best === undefined ? null : { rect: rectOf(best, look), jumps: best.jumps.length };
  }

  #forget(): void {
    this.#looks.length = 0;
    this.#up = { counts: new Map(), jumps: [] };
    this.#down = { counts: new Map(), jumps: [] };
  }
}

/** Jumps remembered: more tell nothing new. */
const MOST_JUMPS = 64;

/** The largest group of cells that moved by the same distance; half a pixel may round either way. */
function jumpOf(cells: readonly MovedCell[]): Jump | null {
  let best: Jump | null = null;
  for (const upPx of new Set(cells.map((cell) => cell.upPx))) {
    const together = cells.filter((cell) => Math.abs(cell.upPx - upPx) <= 1);
    if (together.length >= LEAST_CELLS && together.length > (best?.cells.length ?? 0)) best = { upPx, cells: together };
  }
  return best;
}

function addJump(heat: Heat, jump: Jump): void {
  for (const cell of jump.cells) heat.counts.set(keyOf(cell), (heat.counts.get(keyOf(cell)) ?? 0) + 1);
  heat.jumps.push(jump);
  if (heat.jumps.length > MOST_JUMPS) heat.jumps.shift();
}

const COLUMN_BITS = 12;

function keyOf({ column, top }: { readonly column: number; readonly top: number }): number {
  return ((top / CELL_ROWS) << COLUMN_BITS) | column;
}

interface Place {
  readonly cells: ReadonlySet<number>;
  readonly jumps: readonly Jump[];
  /** Times that its cells took part in a jump. */
  readonly evidence: number;
}

/** The group of near cells with the most evidence, where it is enough. */
function placeOf({ counts, jumps }: Heat): Place | null {
  const left = new Set(counts.keys());
  let best: Place | null = null;
  for (const seed of counts.keys()) {
    if (!left.delete(seed)) continue;
    const cells = new Set([seed]);
    let evidence = 0;
    for (const cell of cells) {
      evidence += counts.get(cell) ?? 0;
      for (const near of nearOf(cell)) if (left.delete(near)) cells.add(near);
    }
    const inside = jumps.filter((jump) => jump.cells.filter((cell) => cells.has(keyOf(cell))).length >= LEAST_CELLS);
    if (inside.length < LEAST_JUMPS || evidence < LEAST_EVIDENCE) continue;
    if (evidence > (best?.evidence ?? 0)) best = { cells, jumps: inside, evidence };
  }
  return best;
}

function nearOf(cell: number): readonly number[] {
  const [row, column] = [cell >> COLUMN_BITS, cell & ((1 << COLUMN_BITS) - 1)];
  const near: number[] = [];
  for (let y = Math.max(0, row - NEAR_ROWS); y <= row + NEAR_ROWS; y++) {
    for (let x = Math.max(0, column - NEAR_COLUMNS); x <= column + NEAR_COLUMNS; x++) near.push((y << COLUMN_BITS) | x);
  }
  return near;
}

/** The newest line has not moved yet, and the oldest may have been hidden: room for one is left on both sides. */
function rectOf({ cells, jumps }: Place, { width, height }: InkBits): Rect {
  const rows = [...cells].map((cell) => (cell >> COLUMN_BITS) * CELL_ROWS);
  const columns = [...cells].map((cell) => (cell & ((1 << COLUMN_BITS) - 1)) * WORD_PX);
  const line = Math.min(...jumps.map(({ upPx }) => Math.abs(upPx)));
  const [left, right] = [Math.min(...columns), Math.max(...columns) + WORD_PX];
  const x = Math.max(0, left - MARGIN_PX);
  const y = Math.max(0, Math.min(...rows) - MARGIN_PX - line);
  const wide = Math.max((right - left) * (1 + ROOM_RIGHT), width * LEAST_WIDTH);
  const end = Math.min(width, left + Math.round(wide));
  const bottom = Math.min(height, Math.max(...rows) + CELL_ROWS + MARGIN_PX + line);
  return { x, y, w: end - x, h: bottom - y };
}
