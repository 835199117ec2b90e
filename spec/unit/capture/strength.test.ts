/** How strong a line is: one that fades is told from one that was seen first before something bright. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../../capture/frame.ts';
import { inkOf } from '../../../capture/image/ink.ts';
import { Strength } from '../../../capture/image/strength.ts';
import { Strip } from '../../../capture/image/strip.ts';
import { frameMs, Stage } from './scene-kit.ts';

function taking(powers: readonly number[]): Strength {
  const strength = new Strength();
  for (const power of powers) strength.take(power);
  return strength;
}

test('a line that fades is weak, and was strong', () => {
  const strength = taking([100, 100, 85, 70, 55, 40, 25, 10]);
  assert.ok(strength.isWeak && !strength.isMisled);
  assert.deepEqual([strength.strongest, strength.now], [100, 0.1]);
});

test('a line that is weak from its second frame on and stays so was never strong', () => {
  const strength = taking([107, 41, 42, 41]);
  assert.ok(strength.isMisled);
  strength.restart();
  assert.ok(!strength.isWeak && !strength.isMisled);
  assert.equal(strength.strongest, 41);
});

/** The frame with lanterns between the letters of a row and behind them. */
function lit(frame: Frame, topPx: number): Frame {
  const pixels = Uint8Array.from(frame.pixels);
  for (let y = topPx + 4; y < topPx + 16; y++)
    for (let x = 40; x < 160; x++)
      if (x % 20 < 5) pixels.fill(255, (y * frame.width + x) * 4, (y * frame.width + x) * 4 + 3);
  return { ...frame, pixels };
}

test('what stood behind a line in its first frame is not in its picture later', async () => {
  const stage = new Stage(420, 60, 'dark');
  const [topPx, bottom] = [20, 42];
  const row = { text: 'Mia_07: push left now', topPx, colour: '#888888' };
  const span = { left: 7, right: 169 };
  const strip = new Strip(stage.width, { top: topPx, bottom, baseline: 36 }, span, frameMs);
  const brightest = (): number => strip.fused(4, 40).max.filter((value) => value > 235).length;
  let before = 0;
  for (let count = 1; count <= 6; count++) {
    const drawn = await stage.draw(count * frameMs, [row]);
    const frame = count === 1 ? lit(drawn, topPx) : drawn;
    strip.absorb(frame, inkOf(frame, 'light', 4), topPx);
    if (count === 1) before = brightest();
  }
  assert.ok(before > 500);
  assert.equal(brightest(), 0);
  assert.equal(strip.fused(4, 40).frames, 3);
});

/** Yellow strokes on a pale wall: as they fade they become brighter, for the wall shines through. */
function fading(opacity: number, tMs: number): Frame {
  const [width, height] = [200, 60];
  const pixels = new Uint8Array(width * height * 4).fill(185);
  for (let y = 24; y < 38; y++)
    for (let x = 10; x < 170; x++) {
      if (x % 8 > 2) continue;
      const mixed = [255, 255, 0].map((channel) => Math.round(channel * opacity + 185 * (1 - opacity)));
      pixels.set(mixed, (y * width + x) * 4);
    }
  return { tMs, width, height, pixels };
}

test('a line that fades before what is brighter than its letters is known as it was', () => {
  const [topPx, bottom] = [20, 42];
  const strip = new Strip(200, { top: topPx, bottom, baseline: 37 }, { left: 7, right: 169 }, frameMs);
  for (const [index, opacity] of [0.9, 0.9, 0.8, 0.7, 0.7].entries()) {
    const frame = fading(opacity, (index + 1) * frameMs);
    strip.absorb(frame, inkOf(frame, 'light', 4), topPx);
  }
  assert.equal(strip.frames, 5);
  assert.ok(strip.strength > 0.7);
  assert.equal(strip.fused(4, 40).frames, 2);
});
