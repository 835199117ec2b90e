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
