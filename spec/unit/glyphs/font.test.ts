/** The learned font: what it reads, what it leaves to an engine, and what teaches it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlyphFont } from '../../../capture/glyphs/font.ts';
import { coverageOf } from '../../../capture/glyphs/coverage.ts';
import { coverLine, lessons, readLine, setLine } from './letter-kit.ts';
import type { LineStyle, SetLine } from './letter-kit.ts';

/** Teaches lines as an engine reads them. */
function teach(font: GlyphFont, lines: readonly string[], mistakes: Readonly<Record<string, string>> = {}): GlyphFont {
  for (const text of lines) {
    const set = setLine(text);
    font.learn(coverageOf(set.strip, 'light'), readLine(set, mistakes));
  }
  return font;
}

const taught = (): GlyphFont => teach(new GlyphFont(), lessons);

test('a font that knows nothing reads nothing', () => {
  assert.equal(new GlyphFont().read(coverLine('bob: go')), null);
});

test('a new line of known letters is read by matching alone, with its words in their places', () => {
  const text = 'sue: dan got the cannon. we go home';
  const reading = taught().read(coverLine(text));
  assert.equal(reading?.text, text);
  assert.deepEqual(reading?.characters?.map((one) => one.text).join(''), text);
  assert.ok((reading?.confidence ?? 0) > 0.9 && (reading?.confidence ?? 1) < 1);
  for (const [index, word] of setLine(text).words.entries()) {
    assert.ok(Math.abs((reading?.words[index]?.x0 ?? 0) - word.x0) <= 1, word.text);
    assert.ok(Math.abs((reading?.words[index]?.x1 ?? 0) - word.x1) <= 1, word.text);
  }
});

test('its evidence speaks against every other text, the more the more shapes it would need', () => {
  const text = 'sue: dan got the cannon';
  const evidence = taught().read(coverLine(text))?.evidence;
  assert.ok(evidence !== undefined);
  assert.equal(evidence.read, text);
  const likelihoods = [text, 'sue: dan got the cannom', 'sue: ben got the cannon', 'sue:dan got the cannon!'];
  const [own, one, two, longer] = likelihoods.map((other) => evidence.logLikelihood(other));
  assert.equal(own, 0);
  assert.ok((one ?? 0) < -2 && (two ?? 0) < (one ?? 0) && (longer ?? 0) < (one ?? 0), String([own, one, two, longer]));
});

const styles: readonly (readonly [name: string, style: LineStyle])[] = [
  ['in another colour on another ground', { ink: [255, 90, 20], ground: [90, 110, 100] }],
  ['that stands lower in its strip', { topPx: 5 }],
  ['in a higher strip', { heightPx: 20, topPx: 6 }],
  ['whose letters touch', { gapPx: 0 }],
];
for (const [name, style] of styles) {
  test(`a line ${name} is read`, () => {
    assert.equal(taught().read(coverLine('dan: who is at the house', style))?.text, 'dan: who is at the house');
  });
}

test('a line with a letter that is not known is left to the engine', () => {
  assert.equal(taught().read(coverLine('bob: é')), null);
  assert.equal(taught().read(coverLine('bob: bién')), null);
});

test('a line with a smear of scene in it is left to the engine', () => {
  const { strip } = setLine('bob: the red one');
  const pixels = Uint8Array.from(strip.min);
  for (const [x, y] of [
    [52, 7],
    [53, 8],
    [54, 9],
    [54, 10],
  ] as const)
    pixels.fill(255, (y * strip.width + x) * 3, (y * strip.width + x + 1) * 3);
  assert.equal(taught().read(coverageOf({ ...strip, min: pixels }, 'light')), null);
});

/** The strip with other pixels where `paint` gives a brightness for them. */
function painted({ strip }: SetLine, paint: (x: number, y: number, before: number) => number): SetLine['strip'] {
  const pixels = strip.min.map((value, at) => {
    const pixel = Math.floor(at / 3);
    return paint(pixel % strip.width, Math.floor(pixel / strip.width), value);
  });
  return { ...strip, mean: pixels, min: pixels, max: pixels };
}

test('letters that are drawn over each other are read', () => {
  const set = setLine('bob: we watt to go');
  const { width, min } = set.strip;
  // The second t begins in the last column of the first.
  const second = (set.words[2]?.x0 ?? 0) + 16;
  const strip = painted(set, (x, y, value) => {
    const moved = x >= second - 2 && x + 2 < width ? (min[(y * width + x + 2) * 3] ?? 0) : 0;
    return x >= second ? moved : Math.max(value, moved);
  });
  assert.equal(taught().read(coverageOf(strip, 'light'))?.text, 'bob: we watt to go');
});

test('a name that is dimmer than the text behind it is read', () => {
  const set = setLine('bob: the red one', { ground: [20, 20, 20] });
  const nameEnd = set.words[0]?.x1 ?? 0;
  const strip = painted(set, (x, _, value) => (x < nameEnd ? 20 + (value - 20) * 0.25 : value));
  assert.equal(taught().read(coverageOf(strip, 'light'))?.text, 'bob: the red one');
});

test('a name that is too dim beside its text is left to the engine, and never left away', () => {
  const set = setLine('bob: the red one', { ground: [20, 20, 20] });
  const font = taught();
  const nameEnd = set.words[0]?.x1 ?? 0;
  for (let percent = 3; percent <= 100; percent++) {
    const dim = (value: number): number => Math.round(20 + ((value - 20) * percent) / 100);
    const strip = painted(set, (x, _, value) => (x < nameEnd ? dim(value) : value));
    const text = font.read(coverageOf(strip, 'light'))?.text ?? null;
    assert.ok(text === null || text.startsWith('bob'), `${percent} %: ${text}`);
    if (percent >= 20) assert.equal(text, 'bob: the red one');
  }
});

test('the edge of something bright below the letters takes nothing from them', () => {
  const set = setLine('bob: the red one', { ground: [20, 20, 20] });
  const nameEnd = set.words[0]?.x1 ?? 0;
  const dim = (x: number, value: number): number => (x < nameEnd ? 20 + (value - 20) * 0.45 : value);
  const strip = painted(set, (x, y, value) => (y === 15 ? 75 : dim(x, value)));
  assert.equal(taught().read(coverageOf(strip, 'light'))?.text, 'bob: the red one');
});

/** A stripe that leans, as no letter does, from column `from` on. */
function stripe(from: number): (x: number, y: number, before: number) => number {
  return (x, y, value) => (x >= from + y && x <= from + y + 1 ? 255 : value);
}

test('scene far behind the text is no part of it, letters there are', () => {
  const far = setLine(`bob: the red one${' '.repeat(14)}`);
  const end = far.words[3]?.x1 ?? 0;
  assert.equal(taught().read(coverageOf(painted(far, stripe(end + 20)), 'light'))?.text, 'bob: the red one');
  assert.equal(taught().read(coverageOf(painted(far, stripe(end + 2)), 'light')), null);
  // Dots are too low to tell text from scene, and are read all the same.
  for (const text of ['the red one', '...']) {
    const columns = setLine(`bob:${' '.repeat(6)}${text}${' '.repeat(14)}`);
    const columnsEnd = Math.max(...columns.words.map((word) => (word.text === '' ? 0 : word.x1)));
    assert.equal(taught().read(coverageOf(painted(columns, stripe(columnsEnd + 20)), 'light'))?.text, `bob: ${text}`);
  }
  const more = setLine(`bob: the red one${' '.repeat(6)}é is gone`);
  assert.equal(taught().read(coverageOf(more.strip, 'light')), null);
});

test('scene right behind the text is no part of it where it is much weaker; a dim word is', () => {
  const set = setLine(`bob: the red one${' '.repeat(14)}`, { ground: [20, 20, 20] });
  const end = set.words[3]?.x1 ?? 0;
  const drawn = stripe(end + 2);
  const weak = (x: number, y: number, value: number): number => (drawn(x, y, value) === value ? value : 80);
  assert.equal(taught().read(coverageOf(painted(set, weak), 'light'))?.text, 'bob: the red one');
  const font = taught();
  const lastBegin = set.words[3]?.x0 ?? 0;
  for (let percent = 16; percent <= 100; percent++) {
    const dim = (value: number): number => Math.round(20 + ((value - 20) * percent) / 100);
    const strip = painted(set, (x, _, value) => (x >= lastBegin ? dim(value) : value));
    const text = font.read(coverageOf(strip, 'light'))?.text ?? 'bob: the red one';
    assert.equal(text, 'bob: the red one', `${percent} %`);
  }
});

test('one line is not enough for a letter, two are', () => {
  const font = taught();
  teach(font, ['dan: léon is here']);
  assert.equal(font.read(coverLine('sue: é is not e')), null);
  teach(font, ['sue: rené is not here']);
  assert.equal(font.read(coverLine('sue: é is not e'))?.text, 'sue: é is not e');
});

test('the same line again is no second opinion', () => {
  const font = taught();
  teach(font, ['dan: béb is here', 'dan: béb is here', 'dan: béb is here']);
  assert.equal(font.read(coverLine('sue: é is not e')), null);
});

test('letters that an engine takes for others now and then are outvoted', () => {
  const font = taught();
  teach(font, ['bob: home is not there'], { e: 'c', h: 'b' });
  assert.equal(font.read(coverLine('sue: here is the hero'))?.text, 'sue: here is the hero');
});

test('an accent that the engine does not know is not read as the bare letter', () => {
  const font = taught();
  teach(font, ['dan: léon is here', 'sue: rené is not here', 'bob: éden is near'], { é: 'e' });
  assert.equal(font.read(coverLine('sue: é is not e')), null);
});

test('two letters that are drawn alike are read where their neighbours tell, else left to the engine', () => {
  const font = taught();
  const lines = [
    'bob: I see old gold',
    'sue: I hold a cold one',
    'dan: I am told so',
    'dan: I bold one',
    'sue: I sold it',
  ];
  teach(font, lines);
  assert.equal(font.read(coverLine('ben_hur: I hold gold'))?.text, 'ben_hur: I hold gold');
  assert.equal(font.read(coverLine('dan: ::l::')), null);
});

test('spaces are told from the room that letters keep', () => {
  const font = taught();
  assert.equal(font.read(coverLine('bob: i i i. add. go'))?.text, 'bob: i i i. add. go');
});

test("a user's correction outweighs the engine", () => {
  const font = taught();
  teach(font, ['dan: léon is here', 'sue: rené is not here', 'bob: éden is near'], { é: 'ö' });
  assert.equal(font.read(coverLine('sue: é is not e'))?.text, 'sue: ö is not e');
  font.correct(coverLine('dan: léon is here'), 'dan: léon is here');
  assert.equal(font.read(coverLine('sue: é is not e'))?.text, 'sue: é is not e');
});

test('a correction that cannot be laid over the line teaches nothing', () => {
  const font = taught();
  const before = font.state.lines;
  font.correct(coverLine('bob: go'), '');
  font.correct(coverLine('bob'), 'b o b e n d');
  assert.equal(font.state.lines, before);
});
