/**
 * Alignment: which pixels of a line are which character of a reading. Word by word: where a word falls into as many pieces as it has
 * characters, they are those; else known shapes of the characters are followed from the left, over single unknown ones too where
 * what comes behind is recognised. All else teaches nothing.
 */
import type { EngineReading } from '../ocr/engine.ts';
import { BLANK } from './coverage.ts';
import { around, piecesBetween } from './pieces.ts';
import type { CutGlyph, Parts, Piece } from './pieces.ts';
import { findPlaces, inkBehind, isInked, nextInk } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';
import { residueOf } from './residue.ts';
import type { Shape } from './shape.ts';

/**
 * What shows a character: a shape that was recognised, a piece to be cut out, what other letters leave, or none of these, only what
 * stands behind it is known.
 */
type Shown = { readonly placed: Placed } | { readonly piece: Piece } | { readonly cut: CutGlyph } | null;

interface Found {
  readonly text: string;
  readonly shown: Shown;
}

/** A character of a reading in the line. */
export interface Aligned extends Found {
  /** How sure the reading was of it, 0 to 1. */
  readonly confidence: number;
  /** The characters around it; a space where the word begins or ends. */
  readonly around: { readonly before: string; readonly after: string };
  /** What lies between it and the character before; null where that was not aligned. */
  readonly gap: 'none' | 'space' | null;
}

interface Span {
  readonly left: number;
  readonly right: number;
}

/** Shapes by their characters. */
export type ShapesOf = (text: string) => readonly Shape[];

/** Letters are at most so wide, in heights of the strip. */
const WIDEST = 1.3;
/** Letters behind one that is not known must be recognised, so many or to the end of the word. */
const BRIDGE_LETTERS = 2;
/** Parts of one letter lie at most so many columns apart. */
const MOST_PARTED_PX = 1;
/** A word is looked for this far, in heights of the strip, from where the engine saw it. */
const WORD_REACH = 0.3;

export function align(line: TextLine, parts: Parts, reading: EngineReading, shapesOf: ShapesOf): readonly Aligned[] {
  const spans = wordSpans(line, reading);
  const aligned: Aligned[] = [];
  let from = 0;
  let wasWhole = false;
  for (const [index, word] of reading.words.entries()) {
    const characters = Array.from(word.text);
    const span = spans[index] ?? null;
    const found = span === null ? [] : alignWord(line, parts, span, characters, shapesOf);
    for (const [at, one] of found.entries())
      aligned.push({
        ...one,
        confidence: reading.characters?.[from + at]?.confidence ?? word.confidence,
        around: { before: characters[at - 1] ?? ' ', after: characters[at + 1] ?? ' ' },
        gap: at > 0 ? 'none' : wasWhole ? 'space' : null,
      });
    from += characters.length + 1;
    wasWhole = found.length === characters.length;
  }
  return aligned;
}

/** Where the words of a reading stand: cut in the widest gap near where one ends and the next begins; null where there is none. */
function wordSpans(
  { coverage: { peaks, width, height } }: TextLine,
  { words }: EngineReading,
): readonly (Span | null)[] {
  const cuts = words.slice(1).map((next, index) => {
    const end = words[index]?.x1 ?? 0;
    const from = Math.max(0, Math.floor(Math.min(end, next.x0) - height * WORD_REACH));
    const to = Math.min(width, Math.ceil(Math.max(end, next.x0) + height * WORD_REACH));
    let best: Span | null = null;
    for (let left = from; left < to;) {
      let right = left;
      while (right < to && peaks[right]! < BLANK) right++;
      if (right > left && (best === null || right - left > best.right - best.left)) best = { left, right };
      left = right + 1;
    }
    return best === null ? null : Math.floor((best.left + best.right) / 2);
  });
  return words.map((_, index) => {
    const left = index === 0 ? 0 : (cuts[index - 1] ?? null);
    const right = index === words.length - 1 ? width : (cuts[index] ?? null);
    return left !== null && right !== null && left < right ? { left, right } : null;
  });
}

/** The characters of a word from its first on; fewer than it has where the rest is not clear. */
function alignWord(
  line: TextLine,
  parts: Parts,
  span: Span,
  characters: readonly string[],
  shapesOf: ShapesOf,
): readonly Found[] {
  const pieces = piecesBetween(parts, span.left, span.right);
  const widest = line.coverage.height * WIDEST;
  const isNarrow = ({ box }: Piece): boolean => box.right - box.left <= widest;
  // The usual case needs no shape, so that no wrong one can lead it astray.
  if (pieces.length === characters.length) return pieces.every(isNarrow) ? pair(characters, pieces) : [];
  const start = nextInk(line, { last: null, before: null }, span.left, span.right);
  let chain = follow(line, span, characters, { found: [], last: null, at: start }, shapesOf);
  while (chain.found.length < characters.length - 1) {
    const longer =
      bridge(line, parts, span, characters, chain, shapesOf) ??
      bridge(line, parts, span, characters, sureOf(chain), shapesOf);
    if (longer === null) break;
    chain = longer;
  }
  chain = sureOf(chain);
  const { found, at } = chain;
  const left = characters.slice(found.length);
  if (left.length === 0) return at >= span.right ? found : [];
  const rest = pieces.filter(({ box }) => (box.left + box.right) / 2 >= at);
  if (rest.length === left.length && rest.every(isNarrow)) return [...found, ...pair(left, rest)];
  const last = left.length === 1 ? unite(rest, widest) : null;
  if (last !== null) return [...found, ...pair(left, [last])];
  return found.length * 2 >= characters.length ? found : [];
}

function pair(characters: readonly string[], pieces: readonly Piece[]): readonly Found[] {
  return pieces.map((piece, index) => ({ text: characters[index] ?? '', shown: { piece } }));
}

/** The pieces as one letter: a faint arch may part an m. Null where they lie too far apart, or are too wide, for one. */
function unite(pieces: readonly Piece[], widest: number): Piece | null {
  const [first, ...others] = pieces;
  if (first === undefined || others.length === 0) return null;
  let whole = first;
  for (const { box, parts } of others) {
    if (box.left - whole.box.right > MOST_PARTED_PX) return null;
    whole = { box: around([whole.box, box]), parts: new Set([...whole.parts, ...parts]) };
  }
  return whole.box.right - whole.box.left <= widest ? whole : null;
}

/** Characters of a word that were found, from the first on. */
interface Chain {
  readonly found: readonly Found[];
  /** The last shape, and the first column of ink that it does not explain. */
  readonly last: Placed | null;
  readonly at: number;
  /** Without the last character, where ink of its columns is left: it may be a part of another letter. */
  readonly sure?: Chain;
}

function sureOf(chain: Chain): Chain {
  return chain.sure ?? chain;
}

/** Goes on with known shapes of the characters as far as they fit. */
function follow(line: TextLine, span: Span, characters: readonly string[], chain: Chain, shapesOf: ShapesOf): Chain {
  const found = [...chain.found];
  let { last, at } = chain;
  let before: Placed | null = null;
  const places: number[] = [];
  for (const text of characters.slice(found.length)) {
    let best: Placed | null = null;
    const fits: Placed[] = [];
    for (const shape of shapesOf(text)) findPlaces(line, shape, at, last, fits);
    for (const placed of fits) if (best === null || placed.cost < best.cost) best = placed;
    if (best === null) break;
    found.push({ text, shown: { placed: best } });
    places.push(at);
    before = last;
    last = best;
    at = inkBehind(line, best, before, at, span.right);
  }
  // What is left of its ink must be the next letter's: where that was not recognised, it may be another letter, of which this is a part.
  if (last !== null && last !== chain.last && at <= last.x + last.shape.width && found.length < characters.length) {
    const sure = { found: found.slice(0, -1), last: before, at: places.at(-1) ?? chain.at };
    return { found, last, at, sure };
  }
  return { found, last, at };
}

/** Goes on over a character that is not known, whose end is told by those behind it; null where they do not. */
function bridge(
  line: TextLine,
  parts: Parts,
  span: Span,
  characters: readonly string[],
  chain: Chain,
  shapesOf: ShapesOf,
): Chain | null {
  const [unknown = '', next = ''] = characters.slice(chain.found.length);
  const reach = Math.min(span.right, chain.at + line.coverage.height * WIDEST);
  let best: Chain | null = null;
  for (const shape of shapesOf(next))
    for (let x = chain.at + 1; x < reach; x++) {
      if (!isInked(line, shape, x)) continue;
      const placed = { shape, x, cost: 0 };
      const piece = unite(piecesBetween(parts, chain.at, x), line.coverage.height * WIDEST);
      const cut = piece !== null || chain.last === null ? null : residueOf(line, chain.last, placed, chain.at);
      const shown =
        piece !== null ? { piece } : cut !== null && cut.width <= line.coverage.height * WIDEST ? { cut } : null;
      const over = { text: unknown, shown };
      const found = [...chain.found, over, { text: next, shown: { placed } }];
      const at = inkBehind(line, placed, null, x, span.right);
      const longer = sureOf(follow(line, span, characters, { found, last: placed, at }, shapesOf));
      const isWhole = longer.found.length === characters.length && longer.at >= span.right;
      if (!isWhole && longer.found.length < found.length + BRIDGE_LETTERS) continue;
      if (best === null || longer.found.length > best.found.length) best = longer;
    }
  return best;
}
