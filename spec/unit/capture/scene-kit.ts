/**
 * A game in miniature for the tests of the reader: chat drawn by sharp from SVG text (white, with a shadow) over a
 * scene that moves. A frame is a pure function of its time, the seed and where the lines stand.
 */
import sharp from 'sharp';
import type { Frame } from '../../../capture/frame.ts';

/** `bright` is a pale sky with clouds, `dark` a night with lights, `grain` a little noise
 * and `noise` much of it, new in every pixel of each frame. */
export type Scenery = 'bright' | 'dark' | 'grain' | 'noise';

/** One row of letters and where it stands: `topPx` of its cell, region px; `strength` 0 to 1, 1 where absent. */
export interface PlacedRow {
  readonly text: string;
  readonly topPx: number;
  readonly strength?: number;
  /** Colour of the letters, white where absent. */
  readonly colour?: string;
  readonly leftPx?: number;
}

/** Rows of pixels that a line of the stage's font takes. */
export const pitchPx = 22;
/** Three frames a second, as games are watched. */
export const frameMs = 333;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Numbers of 0 to 1 that depend on the arguments alone. */
function chance(a: number, b: number): number {
  let state = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}

/** Level of the ground, of its waves and of its grain, 0 to 255. */
const lights: Readonly<Record<Scenery, readonly [number, number, number]>> = {
  bright: [150, 28, 0],
  dark: [52, 24, 0],
  grain: [70, 24, 24],
  noise: [40, 24, 110],
};

export class Stage {
  readonly width: number;
  readonly height: number;
  readonly #scenery: Scenery;
  readonly #letters = new Map<string, Uint8Array>();

  constructor(width: number, height: number, scenery: Scenery) {
    this.width = width;
    this.height = height;
    this.#scenery = scenery;
  }

  /** One picture of the region at `tMs`, with the rows drawn over the scene in their order. */
  async draw(tMs: number, rows: readonly PlacedRow[]): Promise<Frame> {
    const pixels = this.#scene(tMs);
    for (const row of rows) this.#blend(pixels, await this.#lettersOf(row), row.topPx, row.strength ?? 1);
    return { tMs, width: this.width, height: this.height, pixels };
  }

  /** The region in one colour, as a minimised window is seen. */
  flat(tMs: number, level: number): Frame {
    return {
      tMs,
      width: this.width,
      height: this.height,
      pixels: new Uint8Array(this.width * this.height * 4).fill(level),
    };
  }

  #scene(tMs: number): Uint8Array {
    const { width, height } = this;
    const pixels = new Uint8Array(width * height * 4);
    const drift = tMs / 40;
    const isGrainy = this.#scenery === 'grain' || this.#scenery === 'noise';
    const [ground, swing, grainLevels] = lights[this.#scenery];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 4;
        const waves = Math.sin((x + drift) / 53) + Math.sin((y * 1.7 - drift * 0.6 + x * 0.3) / 37);
        const grain = chance(y * width + x, isGrainy ? tMs : 1);
        const level = ground + waves * swing + grain * grainLevels;
        const speckle = isGrainy ? 0 : grain * 10;
        pixels[at] = Math.max(0, level * 0.85 + speckle);
        pixels[at + 1] = Math.max(0, level * 0.95 + speckle);
        pixels[at + 2] = Math.max(0, level + 12 + speckle);
        pixels[at + 3] = 255;
      }
    return pixels;
  }

  async #lettersOf({ text, colour = '#ffffff', leftPx = 6 }: PlacedRow): Promise<Uint8Array> {
    const key = `${leftPx} ${colour} ${text}`;
    const known = this.#letters.get(key);
    if (known !== undefined) return known;
    const plain = text.replaceAll(/[&<>]/g, (mark) => escapes[mark] ?? mark);
    const style = 'font-family="DejaVu Sans" font-size="15" xml:space="preserve"';
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${pitchPx}">` +
      `<text x="${leftPx + 1}" y="17" ${style} fill="#181818">${plain}</text>` +
      `<text x="${leftPx}" y="16" ${style} fill="${colour}">${plain}</text></svg>`;
    const letters = new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
    this.#letters.set(key, letters);
    return letters;
  }

  #blend(pixels: Uint8Array, letters: Uint8Array, topPx: number, strength: number): void {
    for (let row = 0; row < pitchPx; row++) {
      const y = topPx + row;
      if (y < 0 || y >= this.height) continue;
      for (let x = 0; x < this.width; x++) {
        const from = (row * this.width + x) * 4;
        const share = ((letters[from + 3] ?? 0) / 255) * strength;
        if (share === 0) continue;
        const to = (y * this.width + x) * 4;
        for (let c = 0; c < 3; c++)
          pixels[to + c] = (pixels[to + c] ?? 0) * (1 - share) + (letters[from + c] ?? 0) * share;
      }
    }
  }
}

/** The last rows of a chat whose newest row stands on `bottomPx`, the rest above it. */
export function stack(rows: readonly string[], bottomPx: number): readonly PlacedRow[] {
  const placed = rows.map((text, at) => ({ text, topPx: bottomPx - (rows.length - at) * pitchPx }));
  return placed.filter(({ topPx }) => topPx > -pitchPx);
}
