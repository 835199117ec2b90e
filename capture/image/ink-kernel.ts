/**
 * Ink by the kernel (kernel/ink.as.ts): the same bytes as plain code gives, in a fortieth of the time. Where it cannot
 * run, plain code does it.
 */
import type { Frame } from '../frame.ts';
import type { InkMap, Polarity } from './ink.ts';
import { loadKernel } from './kernel/assembly.ts';
import type { Memory } from './kernel/assembly.ts';
import { inkCode } from './kernel/ink-code.ts';

export const MAX_KERNEL_RADIUS_PX = 12;
/** The widest window of the ground, in radii of the widest stroke: MEAN_RADIUS of the kernel. */
const GROUND_RADII = 3;
/** The kernel's memory never shrinks: some ten bytes a pixel. */
const MOST_PIXELS = 3_000_000;

interface Kernel extends Memory {
  /** Address of the RGBA pixels, 0 where memory could not be had. */
  reserve(width: number, height: number): number;
  /** Address of the ink, with the brightness behind it. */
  run(radiusPx: number, groundRadiusPx: number, flip: number): number;
}

function isKernel(exports: object): exports is Kernel {
  return 'memory' in exports && 'reserve' in exports && 'run' in exports;
}

const kernel = loadKernel(inkCode, isKernel);

/** Null where the kernel cannot do it. */
export function inkByKernel(
  { width, height, pixels }: Frame,
  polarity: Polarity,
  radiusPx: number,
  groundRadiusPx: number,
): InkMap | null {
  const count = width * height;
  if (kernel === null || count === 0 || count > MOST_PIXELS || radiusPx > MAX_KERNEL_RADIUS_PX) return null;
  // Its border has room for windows of these sizes, and it checks nothing.
  const fits = Number.isInteger(radiusPx) && radiusPx >= 1 && groundRadiusPx <= GROUND_RADII * MAX_KERNEL_RADIUS_PX;
  if (!fits || !Number.isInteger(groundRadiusPx) || groundRadiusPx < 0 || pixels.length < 4 * count) return null;
  const from = kernel.reserve(width, height);
  if (from === 0) return null;
  new Uint8Array(kernel.memory.buffer, from, 4 * count).set(pixels.subarray(0, 4 * count));
  const at = kernel.run(radiusPx, groundRadiusPx, polarity === 'light' ? 0 : 255);
  const data = new Uint8Array(kernel.memory.buffer, at, count).slice();
  const bright = new Uint8Array(kernel.memory.buffer, at + count, count).slice();
  return { width, height, data, bright };
}
