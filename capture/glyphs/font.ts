/**
 * The font of one game as its lines taught it: shapes with what they were read as, the room that each keeps, the width of a
 * space. It learns from readings of an engine and from a user's corrections, and reads a line by its shapes alone where they account for
 * all of its ink and lines agree on what each is; else it says nothing, and an engine is asked.
 */
import type { KnownLead } from '../image/lead.ts';
import type { EngineReading } from '../ocr/engine.ts';
import { align } from './alignment.ts';
import type { Aligned } from './alignment.ts';
import { Baseline } from './baseline.ts';
import { correctionOf } from './correction.ts';
import type { Coverage } from './coverage.ts';
import { withDimLetters } from './dim-letters.ts';
import { explain } from './explaining.ts';
import { readingOf } from './font-reading.ts';
import { withoutForeignInk } from './foreign-ink.ts';
import type { Reach } from './foreign-ink.ts';
import { cutOut } from './hidden-text.ts';
import { knownShapes } from './known-shapes.ts';
import type { KnownShapes } from './known-shapes.ts';
import { cutPiece, partsOf } from './pieces.ts';
import type { Parts } from './pieces.ts';
import type { Placed, TextLine } from './placing.ts';
import { ShapeStore } from './shape-store.ts';
import { Spacing } from './spacing.ts';
import type { GlyphPixels, Shape } from './shape.ts';
import { hasStroke } from './strokes.ts';
import type { LetterRows } from './strokes.ts';
import { columnsOf, leadOf } from './tall-ink.ts';
import { judgeShapes } from './verdicts.ts';
import type { Judgement } from './verdicts.ts';

/** Lines by which it is known how far letters rise and hang, and the share of all letters that must reach so far. */
const REACH_LINES = 25;
const REACH_SHARE = 0.03;
/** An underscore was seen in so many lines, is so flat, and hangs so low, px. */
const BAR_LINES = 3;
const BAR_ROWS = 2;
const BAR_TOP_PX = 2;
/** Rows on which the letters of a line may stand that are tried. */
const READ_BASES = 3;
const CLUTTERED_BASES = 6;
/** Of a cluttered line at least this share of the characters are no dots and dashes, */
const CLUTTERED_SOLID = 0.5;
/** and where it begins so many heights of the strip behind its left edge, no column before is as strong as this: scene may hide a letter. */
const CLUTTERED_LEAD = 0.5;
const LEAD_INK = 60;
/** Ink at its full strength. */
const FULL = 255;
const LEARN_BASES = 2;
/** Lines that are remembered, so that one that is read again does not vote again. */
const MOST_RECENT = 256;
/** Lines are the same where they read the same and are as wide, in steps of so many px. */
const WIDTH_STEP_PX = 4;
/** Fewer characters could be anything. */
const LEAST_CHARACTERS = 3;

/** A young font is checked so often; half as often after each line that an engine reads alike, */
export const CHECKED_EVERY = 32;
/** but never more seldom than this. */
export const CHECKED_AT_LEAST = 256;

/** What is known of the shapes by now. */
interface Known {
  readonly verdicts: ReadonlyMap<Shape, Judgement>;
  readonly shapes: KnownShapes;
}

interface Lesson {
  readonly line: TextLine;
  readonly parts: Parts;
  readonly aligned: readonly Aligned[];
}

/** What a font is made of. */
export interface FontState {
  readonly shapes: ShapeStore;
  readonly baseline: Baseline;
  readonly spacing: Spacing;
  /** Lines that taught it. */
  lines: number;
  /** What the game draws before its lines. */
  lead: KnownLead | null;
  /** Of the lines that it reads, one in so many goes to an engine, too. */
  checkEvery: number;
}

export class GlyphFont {
  readonly state: FontState;
  readonly #recent = new Set<string>();
  /** Null when something was learned since. */
  #latest: Known | null = null;
  #reachOfKnown: { readonly known: Known; readonly reach: Reach } | null = null;

  constructor(
    state: FontState = {
      shapes: new ShapeStore(),
      baseline: new Baseline(),
      spacing: new Spacing(),
      lines: 0,
      lead: null,
      checkEvery: CHECKED_EVERY,
    },
  ) {
    this.state = state;
  }

  /** The characters that it reads, each once, in no order, and the shape that most lines showed of each. */
  get letters(): ReadonlyMap<string, GlyphPixels> {
    const letters = new Map<string, Shape>();
    for (const [shape, judgement] of this.#known().verdicts) {
      if (typeof judgement === 'function') continue;
      const best = letters.get(judgement.text);
      if (best === undefined || linesOf(best) < linesOf(shape)) letters.set(judgement.text, shape);
    }
    return letters;
  }

  /** Reads a line by matching alone; null where some of it is not known, or not clear. */
  read(coverage: Coverage): EngineReading | null {
    if (this.#known().shapes.all.length === 0) return null;
    const parts = partsOf(coverage);
    const bases = this.state.baseline.candidates(coverage).slice(0, CLUTTERED_BASES);
    const lines: TextLine[] = [];
    for (const base of bases.slice(0, READ_BASES)) {
      const line = this.#lineAt(parts, base);
      const reading = this.#readLine(parts, line);
      if (reading !== null) return reading;
      lines.push(line);
    }
    const { clutterLevels } = this.#known().shapes;
    // Scene over a line also hides the row that the letters stand on.
    const cluttered = bases.flatMap((base, index) => {
      const rows = clutterLevels.length === 0 ? null : this.#rowsOf(parts, base);
      return rows === null ? [] : { line: lines[index] ?? this.#lineAt(parts, base), columns: columnsOf(rows) };
    });
    for (const level of clutterLevels)
      for (const { line, columns } of cluttered) {
        const reading = this.#readCluttered(parts, { ...line, clutter: { level, columns } });
        if (reading !== null) return reading;
      }
    return null;
  }

  /** Learns from what an engine read in a line. The same line again teaches nothing. */
  learn(coverage: Coverage, reading: EngineReading): void {
    const key = `${reading.text}/${Math.round(coverage.width / WIDTH_STEP_PX)}`;
    if (reading.text.length < LEAST_CHARACTERS || this.#recent.has(key)) return;
    this.#remember(key);
    const lesson = this.#lessonOf(coverage, reading);
    if (lesson !== null) this.#take(lesson, (shape, one) => shape.ballot.vote(one.text, one.confidence, one.around));
  }

  /** Learns from what a user says that a line is: outweighs what engines read. */
  correct(coverage: Coverage, text: string): void {
    const reading = correctionOf(coverage, text);
    const lesson = reading === null ? null : this.#lessonOf(coverage, reading);
    if (lesson !== null) this.#take(lesson, (shape, one) => shape.ballot.correct(one.text, one.around));
  }

  #readCluttered(parts: Parts, line: TextLine): EngineReading | null {
    const lead = line.clutter === null ? 0 : leadOf(line.clutter.columns, line.coverage.height);
    return this.#readLine(parts, line) ?? (lead === 0 ? null : this.#readLine(parts, line, lead));
  }

  /** @param lead first column that may hold text. */
  #readLine(parts: Parts, whole: TextLine, lead = 0): EngineReading | null {
    const { verdicts, shapes } = this.#known();
    const { spacing } = this.state;
    const line = lead === 0 ? whole : cutOut(whole, lead, whole.coverage.width, FULL);
    const strong = explain(line, shapes, spacing.spacePx);
    const found = strong === null ? null : withDimLetters(line, shapes, strong, spacing);
    if (found === null || (line.clutter !== null && !isWhole(line, found, shapes))) return null;
    const chain = found.map(({ shape, x, cost, margin }) => ({ shape, x: x + lead, cost, margin }));
    const reading = readingOf(chain, verdicts, spacing);
    if (reading === null || reading.text.length < LEAST_CHARACTERS) return null;
    const rows = this.#rowsOf(parts, line.base);
    if (rows !== null && hasStroke(chain, rows)) return null;
    for (const { shape } of chain) shape.lastLine = this.state.lines;
    return reading;
  }

  #known(): Known {
    if (this.#latest === null) {
      const verdicts = judgeShapes(this.state.shapes.all);
      this.#latest = { verdicts, shapes: knownShapes([...verdicts.keys()]) };
    }
    return this.#latest;
  }

  #remember(key: string): void {
    this.#recent.add(key);
    const [oldest] = this.#recent;
    if (this.#recent.size > MOST_RECENT && oldest !== undefined) this.#recent.delete(oldest);
  }

  #lineAt(parts: Parts, base: number): TextLine {
    const reach = this.#reach();
    const coverage = reach === null ? parts.coverage : withoutForeignInk(parts, base, reach);
    return { coverage, base, clutter: null };
  }

  /** Null before it is known how far letters reach. */
  #rowsOf(parts: Parts, base: number): LetterRows | null {
    const reach = this.#reach();
    return reach === null ? null : { parts, base, first: base + reach.top, last: base + reach.bottom };
  }

  #reach(): Reach | null {
    if (this.state.lines < REACH_LINES) return null;
    const known = this.#known();
    if (this.#reachOfKnown?.known === known) return this.#reachOfKnown.reach;
    const shapes = known.shapes.all;
    // A letter to which ink of another line clings is no shape of its character: few lines show it.
    const top = reachOf(shapes, (shape) => -shape.top);
    const bottom = reachOf(shapes, (shape) => shape.top + shape.height - 1);
    const bar = barOf(shapes);
    const reach = {
      top: -top,
      bottom: bar === null ? bottom : Math.max(bottom, bar.top + bar.height - 1),
      hasBar: bar !== null,
    };
    this.#reachOfKnown = { known, reach };
    return reach;
  }

  /** The characters of a reading in the line, on the row that shows most of them as they are known; null for too few. */
  #lessonOf(coverage: Coverage, reading: EngineReading): Lesson | null {
    const { shapes, baseline, lines } = this.state;
    const whole = partsOf(coverage);
    let best: Lesson | null = null;
    let most = -1;
    for (const base of baseline.candidates(coverage).slice(0, lines === 0 ? 1 : LEARN_BASES)) {
      const line = this.#lineAt(whole, base);
      const parts = line.coverage === coverage ? whole : partsOf(line.coverage);
      const aligned = align(line, parts, reading, (text) => shapes.labelled(text));
      const known = aligned.filter((one) => this.#placeOf(line, parts, one) !== null).length;
      if (known <= most || aligned.length < LEAST_CHARACTERS) continue;
      best = { line, parts, aligned };
      most = known;
    }
    return best;
  }

  #placeOf(line: TextLine, parts: Parts, { shown }: Aligned): Placed | null {
    if (shown === null) return null;
    if ('placed' in shown) return shown.placed;
    return this.state.shapes.find(line, 'cut' in shown ? shown.cut : cutPiece(parts, shown.piece, line.base));
  }

  #take({ line, parts, aligned }: Lesson, vote: (shape: Shape, one: Aligned) => void): void {
    const { shapes, baseline, spacing } = this.state;
    this.state.lines += 1;
    this.#latest = null;
    baseline.learn(line.coverage, line.base);
    const voted = new Map<Shape, Set<string>>();
    let before: Placed | null = null;
    for (const one of aligned) {
      const { shown } = one;
      const placed =
        shown === null
          ? null
          : 'placed' in shown
            ? shown.placed
            : shapes.take(line, 'cut' in shown ? shown.cut : cutPiece(parts, shown.piece, line.base), this.state.lines);
      if (placed !== null) {
        placed.shape.lastLine = this.state.lines;
        // One vote a line: an engine makes the same mistake twice.
        const texts = voted.get(placed.shape) ?? new Set();
        if (!texts.has(one.text)) vote(placed.shape, one);
        voted.set(placed.shape, texts.add(one.text));
        if (before !== null && one.gap !== null) spacing.learn(before, placed, one.gap === 'space');
      }
      before = placed;
    }
  }
}

/** Whether no letter may be hidden before the first one, and most are no dots and dashes. */
function isWhole({ coverage }: TextLine, chain: readonly Placed[], { solid }: KnownShapes): boolean {
  const from = chain[0]?.x ?? 0;
  const lead = from < coverage.height * CLUTTERED_LEAD ? 0 : Math.max(...coverage.peaks.subarray(0, from - 1));
  return lead < LEAD_INK && chain.filter(({ shape }) => solid.has(shape)).length >= chain.length * CLUTTERED_SOLID;
}

function linesOf(shape: Shape | null): number {
  return shape?.ballot.top?.lines ?? 0;
}

function isBar(shape: Shape): boolean {
  return shape.top >= BAR_TOP_PX && shape.height <= BAR_ROWS && linesOf(shape) >= BAR_LINES;
}

/** The underscore of a font; null before it is known. */
function barOf(shapes: readonly Shape[]): Shape | null {
  const bars = shapes.filter((shape) => isBar(shape));
  return bars.reduce<Shape | null>((most, shape) => (linesOf(shape) > linesOf(most) ? shape : most), null);
}

/** How far letters reach: so far do those that a share of all lines shows. */
function reachOf(shapes: readonly Shape[], reach: (shape: Shape) => number): number {
  const all = shapes.reduce((sum, shape) => sum + linesOf(shape), 0);
  let further = 0;
  for (const shape of [...shapes].sort((a, b) => reach(b) - reach(a))) {
    further += linesOf(shape);
    if (further >= all * REACH_SHARE) return Math.max(0, reach(shape));
  }
  return 0;
}
