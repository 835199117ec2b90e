/**
 * Colours of a line, left to right: a name, a channel mark and a text often differ only in colour, and the colour tells
 * the channel. Taken from the strongest strokes alone, whose pixels are the letters' own colour.
 */
import type { FusedStrip } from './recipe.ts';

const MAX_COLOURS = 8;
/** Two colours nearer than this (largest channel difference) are one. */
const SAME_COLOUR = 48;
/** Columns with fewer strokes say nothing. */
const MIN_RUN_PX = 4;

/** Main colour of the text by run, left to right, `#rrggbb`, at most 8; empty where the strip has no mask. */
export function coloursOf(strip: FusedStrip): readonly string[] {
  const { width, height, mean, mask } = strip;
  if (mask === null) return [];
  const runs: { r: number; g: number; b: number; columns: number }[] = [];
  for (let x = 0; x < width; x++) {
    let best = -1;
    let strongest = -1;
    for (let y = 0; y < height; y++) {
      if (mask[y * width + x] === 0) continue;
      const at = (y * width + x) * 3;
      const value = Math.max(mean[at]!, mean[at + 1]!, mean[at + 2]!);
      if (value > strongest) {
        strongest = value;
        best = at;
      }
    }
    if (best < 0) continue;
    const [r, g, b] = [mean[best]!, mean[best + 1]!, mean[best + 2]!];
    const last = runs.at(-1);
    const apart = last === undefined ? 256 : Math.max(Math.abs(last.r - r), Math.abs(last.g - g), Math.abs(last.b - b));
    if (last !== undefined && apart < SAME_COLOUR) {
      // The brightest pixel of a run is its colour: the others are blended with what is behind.
      if (r + g + b > last.r + last.g + last.b) Object.assign(last, { r, g, b });
      last.columns++;
    } else runs.push({ r, g, b, columns: 1 });
  }
  const named: string[] = [];
  for (const run of runs) {
    const colour = `#${hex(run.r)}${hex(run.g)}${hex(run.b)}`;
    if (run.columns >= MIN_RUN_PX && named.at(-1) !== colour && named.length < MAX_COLOURS) named.push(colour);
  }
  return named;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
