/** Spaces for which there is no room, in a font whose letters are all as far apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { withRoomForSpaces } from '../../../capture/ocr/even-pitch.ts';

const PITCH_PX = 8;

/**
 * What the network saw of `drawn` when it read `read`, which has spaces where `drawn` has none.
 * @param widthOf how far a letter's middle lies from that of the next one, pitches.
 */
function placed(drawn: string, read: string, widthOf: (letter: string) => number): { text: string; x: number }[] {
  const characters: { text: string; x: number }[] = [];
  let [x, at] = [0, 0];
  for (const letter of drawn) {
    const isRead = read[at] === letter;
    if (!isRead) characters.push({ text: read[at++] ?? '', x });
    x += (PITCH_PX * widthOf(letter)) / 2;
    characters.push({ text: letter, x });
    x += (PITCH_PX * widthOf(letter)) / 2;
    at += 1;
  }
  return characters;
}

const textOf = (characters: readonly { readonly text: string }[]): string =>
  characters.map(({ text }) => text).join('');
const even = (): number => 1;

test('a space where letters stand as near as in a word is taken away', () => {
  const seen = placed('[CLAN]Vex: gg wp', '[CLAN] Vex: gg wp', even);
  assert.equal(textOf(seen), '[CLAN] Vex: gg wp');
  assert.equal(textOf(withRoomForSpaces(seen)), '[CLAN]Vex: gg wp');
});

test('so it is where the network tells places to a part of the pitch only', () => {
  const shifts = fc.array(fc.double({ min: -0.6, max: 0.6, noNaN: true }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(shifts, (shift) => {
      const seen = placed('[CLAN]Vex: gg wp', '[CLAN] Vex: gg wp', even);
      const moved = seen.map(({ text, x }, at) => ({ text, x: x + (shift[at] ?? 0) }));
      assert.equal(textOf(withRoomForSpaces(moved)), '[CLAN]Vex: gg wp');
    }),
  );
});

const narrow: Readonly<Record<string, number>> = { i: 0.5, l: 0.5, ':': 0.5, ' ': 0.5, '.': 0.5, m: 1.5 };
const lines = ['HogBoss: go go go', 'Mia_07: im in the mill', 'n00b123: gg', 'Bo: no cap on gas'];
for (const line of lines)
  test(`"${line}" keeps its spaces where letters are not all as wide`, () => {
    const seen = placed(line, line, (letter) => narrow[letter] ?? 1);
    assert.equal(textOf(withRoomForSpaces(seen)), line);
  });

test('few letters tell nothing', () => {
  assert.equal(textOf(withRoomForSpaces(placed('a]b c', 'a] b c', even))), 'a] b c');
});
