/** A font as bytes: what was written reads as before, and what was not is refused with a reason. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { coverageOf } from '../../../capture/glyphs/coverage.ts';
import { decodeFont, encodeFont, MOST_FONT_BYTES } from '../../../capture/glyphs/font-file.ts';
import { GlyphFont } from '../../../capture/glyphs/font.ts';
import { coverLine, lessons, readLine, setLine } from './letter-kit.ts';

function taught(): GlyphFont {
  const font = new GlyphFont();
  for (const text of [...lessons, 'bob: I hold gold', 'dan: I am told so']) {
    const set = setLine(text);
    font.learn(coverageOf(set.strip, 'light'), readLine(set));
  }
  return font;
}

const bytes = encodeFont(taught());
const body = new TextDecoder().decode(bytes).split('\n')[1] ?? '';

/** A file of the right form around another body. */
function fileOf(text: string, version = 2): Uint8Array {
  const hash = createHash('sha256').update(text).digest('hex');
  return new TextEncoder().encode(`lobbykeep-font ${version} ${hash}\n${text}\n`);
}

/** All of a reading that can be compared. */
function seenBy(font: GlyphFont, text: string): unknown {
  const reading = font.read(coverLine(text));
  return reading === null ? null : { ...reading, evidence: reading.evidence?.read };
}

test('a font that was written and read again reads and learns as before', () => {
  const [font, again] = [taught(), decodeFont(bytes)];
  assert.ok(again.ok, again.ok ? '' : again.error.message);
  for (const text of ['sue: who is at the house', 'ben_hur: I hold gold', 'bob: é', 'dan: i i i. add'])
    assert.deepEqual(seenBy(again.value, text), seenBy(font, text), text);
  assert.deepEqual(encodeFont(again.value), encodeFont(font));
  const set = setLine('sue: the gold is mine');
  for (const one of [font, again.value]) one.learn(coverageOf(set.strip, 'light'), readLine(set));
  assert.deepEqual(encodeFont(again.value), encodeFont(font));
});

test('how seldom a font is checked by now is kept; files of before that are checked as young ones', () => {
  const font = taught();
  font.state.checkEvery = 128;
  const again = decodeFont(encodeFont(font));
  assert.equal(again.ok ? again.value.state.checkEvery : null, 128);
  const { checkEvery, ...older } = JSON.parse(body);
  const old = decodeFont(fileOf(JSON.stringify(older)));
  assert.equal(old.ok ? old.value.state.checkEvery : null, checkEvery);
});

test('an empty font is a file, too', () => {
  const again = decodeFont(encodeFont(new GlyphFont()));
  assert.ok(again.ok);
  assert.equal(again.value.state.shapes.all.length, 0);
});

test('a file cut anywhere is refused', () => {
  for (let length = 0; length < bytes.length; length += 97) {
    const cut = decodeFont(bytes.subarray(0, length));
    assert.ok(!cut.ok && (cut.error.kind === 'damaged' || length < 90), `cut at ${length}`);
  }
});

test('a file with a changed byte is refused', () => {
  for (let at = 0; at < bytes.length - 1; at += 89) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.ok(!decodeFont(changed).ok, `byte ${at}`);
  }
});

const shape = JSON.parse(body).shapes[0];
const withShape = (change: object): string =>
  JSON.stringify({ ...JSON.parse(body), shapes: [{ ...shape, ...change }] });
const refused: readonly (readonly [name: string, file: Uint8Array, kind: string])[] = [
  ['nothing', new Uint8Array(), 'not-a-font'],
  ['a text', new TextEncoder().encode('my notes\nabout fonts\n'), 'not-a-font'],
  ['more than a font takes', new Uint8Array(MOST_FONT_BYTES + 1), 'not-a-font'],
  ['another version', fileOf(body, 1), 'other-version'],
  ['no JSON', fileOf('{'), 'damaged'],
  ['another object', fileOf('{"lines":1}'), 'damaged'],
  ['pixels that are fewer than its box', fileOf(withShape({ width: shape.width + 1 })), 'damaged'],
  [
    'a shape without ink',
    fileOf(withShape({ data: Buffer.alloc(shape.width * shape.height).toString('base64') })),
    'damaged',
  ],
  ['a box without end', fileOf(withShape({ width: 1e6 })), 'damaged'],
  ['checks that never come', fileOf(JSON.stringify({ ...JSON.parse(body), checkEvery: 1e9 })), 'damaged'],
  ['a room that is no number', fileOf(withShape({ left: null })), 'damaged'],
  [
    'more shapes than there may be',
    fileOf(JSON.stringify({ ...JSON.parse(body), shapes: Array(600).fill(shape) })),
    'damaged',
  ],
];
for (const [name, file, kind] of refused) {
  test(`a file that holds ${name} is refused as ${kind}`, () => {
    const answer = decodeFont(file);
    assert.equal(answer.ok ? 'taken' : answer.error.kind, kind);
    assert.match(answer.ok ? '' : answer.error.message, /^This is no font that Lobbykeep can read\. .+\.$/);
  });
}
