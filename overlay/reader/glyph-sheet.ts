/** The characters of a learned font as pictures for the Capture panel, so that one can see what the reader takes for what. */
import sharp from 'sharp';
import type { GlyphFont, GlyphPixels } from '../../capture/index.ts';
import type { GlyphSight } from '../ipc/index.ts';

/** Pictures are made anew at most so often: a lively chat teaches with every line. */
const PAUSE_MS = 3_000;
/** A font has some hundred characters; more are not shown. */
const MOST_GLYPHS = 256;

export class GlyphSheet {
  readonly #font: GlyphFont;
  readonly #elapsedMs: () => number;
  #glyphs: readonly GlyphSight[] = [];
  #lines = -1;
  #madeMs = -Infinity;

  constructor(font: GlyphFont, elapsedMs: () => number) {
    this.#font = font;
    this.#elapsedMs = elapsedMs;
  }

  /** In the order of their code points. Letters stand on one row of all pictures, which are equally high. */
  async glyphs(): Promise<readonly GlyphSight[]> {
    const { lines } = this.#font.state;
    const nowMs = this.#elapsedMs();
    if (lines === this.#lines || nowMs - this.#madeMs < PAUSE_MS) return this.#glyphs;
    this.#lines = lines;
    this.#madeMs = nowMs;
    const letters = [...this.#font.letters].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_GLYPHS);
    const top = Math.min(0, ...letters.map(([, glyph]) => glyph.top));
    const bottom = Math.max(0, ...letters.map(([, glyph]) => glyph.top + glyph.height));
    this.#glyphs = await Promise.all(
      letters.map(async ([text, glyph]) => ({ text, picture: await pictureOf(glyph, top, bottom) })),
    );
    return this.#glyphs;
  }
}

/** Rows from `top` to before `bottom`, counted from the row that letters stand on; a data URL (PNG). */
async function pictureOf(glyph: GlyphPixels, top: number, bottom: number): Promise<string> {
  const { width } = glyph;
  const height = bottom - top;
  const pixels = new Uint8Array(width * height);
  for (const [at, value] of glyph.data.entries())
    pixels[(glyph.top - top + (at % glyph.height)) * width + Math.floor(at / glyph.height)] = value;
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 3, palette: false })
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
