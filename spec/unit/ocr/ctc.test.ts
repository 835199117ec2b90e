/** From logits to characters: runs, blanks, and how sure each character is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBestPath } from '../../../capture/ocr/ctc.ts';
import { FrameShares } from '../../../capture/ocr/frame-shares.ts';
import type { Logits } from '../../../capture/ocr/frame-shares.ts';

/** Logits of frames that each give their probabilities of the blank and of the classes 1 and 2. */
function logitsOf(...frames: readonly (readonly [blank: number, one: number, two: number])[]): Logits {
  return { data: Float32Array.from(frames.flat().map(Math.log)), frames: frames.length, classes: 3 };
}

const one = [0.1, 0.8, 0.1] as const;
const two = [0.1, 0.1, 0.8] as const;
const blank = [0.98, 0.01, 0.01] as const;

const paths = [
  { name: 'nothing but blanks is no character', logits: logitsOf(blank, blank), classes: [] },
  { name: 'a run of one class is one character', logits: logitsOf(one, one, one), classes: [1] },
  { name: 'a blank tells doubled characters apart', logits: logitsOf(one, blank, one), classes: [1, 1] },
  { name: 'characters may touch', logits: logitsOf(blank, one, two, one), classes: [1, 2, 1] },
  { name: 'no frame is no character', logits: logitsOf(), classes: [] },
] as const;

for (const { name, logits, classes } of paths) {
  test(name, () => {
    assert.deepEqual(
      decodeBestPath(new FrameShares(logits, 1)).map(({ index }) => index),
      classes,
    );
  });
}

test('a character is as sure as its surest frame, and stands there', () => {
  const [character] = decodeBestPath(
    new FrameShares(logitsOf(blank, [0.3, 0.6, 0.1], [0.05, 0.9, 0.05], [0.2, 0.7, 0.1]), 1),
  );
  assert.equal(character?.frame, 2);
  assert.ok(Math.abs((character?.confidence ?? 0) - 0.9) < 1e-6);
});

test('a character that was nearly seen in a gap makes those around it doubtful', () => {
  const nearly = [0.6, 0.01, 0.39] as const;
  const sure = decodeBestPath(new FrameShares(logitsOf(one, blank, one), 1)).map(({ confidence }) => confidence);
  const between = decodeBestPath(new FrameShares(logitsOf(one, nearly, one), 1)).map(({ confidence }) => confidence);
  const behind = decodeBestPath(new FrameShares(logitsOf(one, blank, one, nearly), 1)).map(
    ({ confidence }) => confidence,
  );
  assert.ok(Math.abs((between[1] ?? 0) / (sure[1] ?? 1) - 0.61) < 1e-3, between.join());
  assert.ok(Math.abs((behind[1] ?? 0) / (sure[1] ?? 1) - 0.61) < 1e-3, behind.join());
  // A letter fades out into the gap: that is no missing letter.
  const fading = decodeBestPath(new FrameShares(logitsOf(one, [0.6, 0.39, 0.01], two), 1));
  assert.ok((fading[1]?.confidence ?? 0) > 0.79);
});

test('the temperature makes confidence smaller and changes no character', () => {
  const logits = logitsOf(one, blank, two);
  const [cold, warm] = [1, 2].map((temperature) => decodeBestPath(new FrameShares(logits, temperature)));
  assert.deepEqual(
    cold?.map(({ index }) => index),
    warm?.map(({ index }) => index),
  );
  for (const [at, character] of (cold ?? []).entries()) {
    assert.ok(character.confidence > (warm?.[at]?.confidence ?? 1));
  }
});
