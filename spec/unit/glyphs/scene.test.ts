/** The learned font on lines over which scene shines: what it reads all the same, and what it leaves to an engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf } from '../../../capture/glyphs/coverage.ts';
import { GlyphFont } from '../../../capture/glyphs/font.ts';
import { coverLine, lessons, readLine, setLine } from './letter-kit.ts';
import type { Colour, LineStyle, SetLine } from './letter-kit.ts';

const ground: LineStyle = { ground: [20, 20, 20] };

function teach(font: GlyphFont, text: string, style: LineStyle = {}): void {
  const set = setLine(text, style);
  font.learn(coverageOf(set.strip, 'light'), readLine(set));
}

/** A font that was taught so many lines that it is known how far its letters reach. */
function taught(): GlyphFont {
  const font = new GlyphFont();
  for (const name of ['bob', 'dan', 'sue', 'ben_hur'])
    for (const lesson of lessons) teach(font, `${name}: ${lesson.slice(lesson.indexOf(' ') + 1)}`);
  return font;
}

const font = taught();

/** What the font reads where `paint` gives the colour of a pixel; null leaves it as it is. */
function readPainted({ strip }: SetLine, paint: (x: number, y: number) => Colour | null): string | null {
  const pixels = Uint8Array.from(strip.min);
  for (let y = 0; y < strip.height; y++)
    for (let x = 0; x < strip.width; x++) {
      const colour = paint(x, y);
      const at = (y * strip.width + x) * 3;
      // Letters are drawn over the scene.
      if (colour !== null && (pixels[at] ?? 0) < 200) pixels.set(colour, at);
    }
  return font.read(coverageOf({ ...strip, mean: pixels, min: pixels, max: pixels }, 'light'))?.text ?? null;
}

const grey = (value: number): Colour => [value, value, value];

/** A ball around a pixel. */
function ball(x: number, y: number, colour: Colour): (x: number, y: number) => Colour | null {
  return (column, row) => ((column - x) ** 2 + (row - y) ** 2 <= 12 ? colour : null);
}

const text = 'bob: the red one is mine';

test('scene that is weaker than the letters it lies behind is none of them', () => {
  const set = setLine(text, ground);
  for (const { x0, x1 } of set.words.slice(1))
    assert.equal(readPainted(set, ball((x0 + x1) / 2, 8, grey(135))), text, `from ${x0} to ${x1}`);
});

test('a letter that is fainter than its word is read at its own strength', () => {
  const set = setLine(text, ground);
  const { x0 = 0 } = set.words[2] ?? {};
  for (let percent = 30; percent <= 100; percent += 5) {
    const pixels = set.strip.min.map((value, at) => {
      const x = Math.floor(at / 3) % set.strip.width;
      return x >= x0 && x < x0 + 4 ? Math.round(20 + ((value - 20) * percent) / 100) : value;
    });
    const read = font.read(coverageOf({ ...set.strip, min: pixels, max: pixels }, 'light'))?.text;
    assert.equal(read, text, `${percent} %`);
  }
});

test('what may be the stroke of a letter that is not known leaves the line to the engine', () => {
  const set = setLine('bob: we need no', ground);
  const end = set.words[3]?.x1 ?? 0;
  const tail = (x: number, y: number): Colour | null =>
    (x === end - 1 || x === end - 2) && (y === 11 || y === 12) ? grey(150) : null;
  assert.equal(
    readPainted(set, () => null),
    'bob: we need no',
  );
  assert.equal(readPainted(set, tail), null);
});

test('a text of another colour than the name before it is no scene, though its letters are not known yet', () => {
  const learning = new GlyphFont();
  for (const name of ['bob', 'dan', 'sue', 'ben_hur'])
    for (const lesson of lessons)
      // Nobody said an e, an h or a g but in a name.
      teach(learning, `${name}: ${lesson.slice(lesson.indexOf(' ') + 1).replaceAll(/[ehg]/g, '')}`);
  for (const text of ['bob: ehhe', 'bob: he', 'bob: gg', 'dan: ge', 'sue: eeeeeee']) {
    const set = setLine(text, ground);
    const x0 = set.words[1]?.x0 ?? 0;
    // Cyan is white without red.
    const pixels = set.strip.min.map((value, at) =>
      at % 3 === 0 && Math.floor(at / 3) % set.strip.width >= x0 ? Math.min(value, 20) : value,
    );
    const read = learning.read(coverageOf({ ...set.strip, min: pixels, max: pixels }, 'light'));
    assert.ok(read === null || read.text === text, `${text} read as ${read?.text}`);
  }
});

test('scene of another hue, or taller than letters, right behind the text is no part of it; what may be letters is', () => {
  const set = setLine(`${text}${' '.repeat(8)}`, ground);
  const end = set.words[5]?.x1 ?? 0;
  // It leans, as no letter does, and is as wide as two or as many.
  const stripe =
    (colour: Colour, slope: number) =>
    (x: number, y: number): Colour | null =>
      x > end && Math.floor((x - end - 1) / slope) === y ? colour : null;
  assert.equal(readPainted(set, stripe([255, 60, 60], 3)), text);
  for (const colour of [[255, 60, 60], grey(255)] as const) assert.equal(readPainted(set, stripe(colour, 1)), null);
  const wall = (x: number): Colour | null => (x >= end + 5 && x < end + 15 ? grey(255) : null);
  assert.equal(readPainted(set, wall), text);
  assert.equal(
    readPainted(set, (x, y) => (y > 4 && y < 11 ? wall(x) : null)),
    null,
  );
});

test('a wall at the left edge is no part of the text behind it; what may hide letters is', () => {
  const set = setLine(`${' '.repeat(5)}${text}`, ground);
  const begin = set.words[5]?.x0 ?? 0;
  // The nearer the higher, up to above all letters.
  const wall = (x: number, y: number): Colour | null =>
    x >= begin - 12 && x < begin - 6 && y >= 12 - 2 * (x - begin + 12) ? grey(255) : null;
  assert.equal(readPainted(set, wall), text);
  const rag = (x: number, y: number): Colour | null => ((x * 7 + y * 5) % 3 > 0 ? wall(x, y) : null);
  assert.equal(readPainted(set, rag), null);
});

test('a letter that touches those beside it is learned from what they leave', () => {
  const learning = taught();
  const style = { gapPx: 0 };
  teach(learning, 'dan: bob is béb', style);
  teach(learning, 'sue: bébo is bob', style);
  assert.equal(learning.read(coverLine('ben_hur: béb', style))?.text, 'ben_hur: béb');
});
