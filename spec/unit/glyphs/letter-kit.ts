/** What the tests of the learned font share: a small pixel font, lines set in it, and readings of them with known mistakes. */
import type { Polarity } from '../../../capture/image/ink.ts';
import { coverageOf } from '../../../capture/glyphs/coverage.ts';
import type { Coverage } from '../../../capture/glyphs/coverage.ts';
import type { FusedStrip } from '../../../capture/image/recipe.ts';
import type { EngineReading, EngineWord } from '../../../capture/ocr/engine.ts';

/** Rows from an ascender's top to a descender's end; `#` is full, `+` half covered. The letters stand on row 7. */
const pictures: Readonly<Record<string, readonly string[]>> = {
  a: ['', '', '', ' ## ', '   #', ' ###', '#  #', ' ###'],
  b: ['', '#   ', '#   ', '### ', '#  #', '#  #', '#  #', '### '],
  c: ['', '', '', ' ###', '#   ', '#   ', '#   ', ' ###'],
  d: ['', '   #', '   #', ' ###', '#  #', '#  #', '#  #', ' ###'],
  e: ['', '', '', ' ## ', '#  #', '####', '#   ', ' ###'],
  é: [' #+ ', '+#  ', '', ' ## ', '#  #', '####', '#   ', ' ###'],
  g: ['', '', '', ' ###', '#  #', '#  #', '#  #', ' ###', '   #', ' ## '],
  h: ['', '#   ', '#   ', '### ', '#  #', '#  #', '#  #', '#  #'],
  i: ['', '#', '', '#', '#', '#', '#', '#'],
  // The font draws these two alike.
  l: ['', '#', '#', '#', '#', '#', '#', '#'],
  I: ['', '#', '#', '#', '#', '#', '#', '#'],
  m: ['', '', '', '#### ', '# # #', '# # #', '# # #', '# # #'],
  n: ['', '', '', '### ', '#  #', '#  #', '#  #', '#  #'],
  o: ['', '', '', ' ## ', '#  #', '#  #', '#  #', ' ## '],
  r: ['', '', '', '# ##', '##  ', '#   ', '#   ', '#   '],
  s: ['', '', '', ' ###', '#   ', ' ## ', '   #', '### '],
  t: ['', '', ' #  ', '####', ' #  ', ' #  ', ' #  ', '  ##'],
  u: ['', '', '', '#  #', '#  #', '#  #', '#  #', ' ###'],
  w: ['', '', '', '#   #', '#   #', '# # #', '# # #', ' # # '],
  ':': ['', '', '', '#', '', '', '', '#'],
  '.': ['', '', '', '', '', '', '', '#'],
  _: ['', '', '', '', '', '', '', '', '', '#####'],
};

export type Colour = readonly [r: number, g: number, b: number];

export interface LineStyle {
  readonly ink?: Colour;
  readonly ground?: Colour;
  readonly frames?: number;
  /** Empty columns between letters; 0: they touch where they can. */
  readonly gapPx?: number;
  /** Rows above the ascenders. */
  readonly topPx?: number;
  readonly heightPx?: number;
}

const SPACE_PX = 4;
const MARGIN_PX = 4;

export interface SetLine {
  readonly strip: FusedStrip;
  /** Left and right edge of each word, px. */
  readonly words: readonly EngineWord[];
}

/** A line set in the pixel font, 16 rows high unless said otherwise; the ascenders begin in row 3. */
export function setLine(text: string, style: LineStyle = {}): SetLine {
  const { ink = [255, 255, 255], ground = [20, 24, 30], frames = 12, gapPx = 1, topPx = 3, heightPx = 16 } = style;
  const dots: { readonly x: number; readonly y: number; readonly alpha: number }[] = [];
  const words: EngineWord[] = [];
  let x = MARGIN_PX;
  for (const word of text.split(' ')) {
    const x0 = x;
    for (const letter of word) {
      const rows = pictures[letter] ?? [];
      for (const [row, line] of rows.entries())
        for (const [column, mark] of Array.from(line).entries())
          if (mark !== ' ') dots.push({ x: x + column, y: topPx + row, alpha: mark === '#' ? 1 : 0.5 });
      x += Math.max(...rows.map((line) => line.length)) + gapPx;
    }
    words.push({ text: word, confidence: 0.95, x0, x1: x - gapPx });
    x += SPACE_PX;
  }
  const width = x - SPACE_PX + MARGIN_PX;
  const pixels = new Uint8Array(width * heightPx * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = ground[at % 3] ?? 0;
  for (const dot of dots) {
    if (dot.y >= heightPx) continue;
    for (let c = 0; c < 3; c++) {
      const under = ground[c] ?? 0;
      pixels[(dot.y * width + dot.x) * 3 + c] = Math.round(under + ((ink[c] ?? 0) - under) * dot.alpha);
    }
  }
  const strip = { width, height: heightPx, frames, mean: pixels, min: pixels, max: pixels, mask: null };
  return { strip, words };
}

export function coverLine(text: string, style: LineStyle = {}, polarity: Polarity = 'light'): Coverage {
  return coverageOf(setLine(text, style).strip, polarity);
}

/** What an engine reads in a line, with its mistakes: characters for others, as long as they are. */
export function readLine({ words }: SetLine, mistakes: Readonly<Record<string, string>> = {}): EngineReading {
  const read = words.map((word) => ({
    ...word,
    text: Array.from(word.text, (letter) => mistakes[letter] ?? letter).join(''),
  }));
  return { text: read.map(({ text }) => text).join(' '), confidence: 0.95, words: read };
}

/** Lines that show each letter of the font but é several times. */
export const lessons = [
  'bob: the red one is mine',
  'dan: go around the house',
  'bob: we need more cannons',
  'sue: this wood is not so good',
  'ben_hur: what a nice castle',
  'ben_hur: go on the bridge',
  'dan: who is last. add me',
  'sue: count to ten. then run',
] as const;
