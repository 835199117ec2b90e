/**
 * The learned font of the game that is read: in front of the engine, kept in a file of its own, written when it learned
 * something. A file that cannot be used is told and learned anew: nothing in it cannot be learned again.
 */
import { isDeepStrictEqual } from 'node:util';
import { FontEngine, GlyphFont } from '../../capture/index.ts';
import type { KnownLead, OcrEngine } from '../../capture/index.ts';
import type { FontSight, GlyphSight } from '../ipc/index.ts';
import { loadFont, saveFont } from './font-store.ts';
import { GlyphSheet } from './glyph-sheet.ts';

export class GameFont {
  readonly engine: FontEngine;
  readonly #font: GlyphFont;
  readonly #sheet: GlyphSheet;
  readonly #path: string;
  readonly #notice: (text: string) => void;
  #savedLines: number;
  #savedLead: KnownLead | null;
  #isTold = false;

  private constructor(font: GlyphFont, path: string, engine: OcrEngine, notice: (text: string) => void) {
    this.#font = font;
    this.#path = path;
    this.#notice = notice;
    this.#savedLines = font.state.lines;
    this.#savedLead = font.state.lead;
    this.engine = new FontEngine(engine, font);
    this.#sheet = new GlyphSheet(font, () => performance.now());
  }

  /** @param engine asked for what the font does not read. */
  static async open(path: string, engine: OcrEngine, notice: (text: string) => void): Promise<GameFont> {
    const stored = await loadFont(path);
    const lost = stored.ok ? stored.value.lost : stored.error;
    if (lost !== null) notice(lost);
    return new GameFont(stored.ok ? stored.value.font : new GlyphFont(), path, engine, notice);
  }

  /** What the game draws before its lines, as far as it is known. */
  get lead(): KnownLead | null {
    return this.#font.state.lead;
  }

  /** Its characters as pictures. */
  glyphs(): Promise<readonly GlyphSight[]> {
    return this.#sheet.glyphs();
  }

  sight(): FontSight {
    const { matched, asked } = this.engine.stats;
    return { letters: this.#font.letters.size, matched, asked };
  }

  /**
   * Writes the file where something was learned since. A disk that refuses is told once.
   * @param lead what the game draws before its lines.
   */
  async save(lead: KnownLead | null): Promise<void> {
    const { lines } = this.#font.state;
    if (lines === this.#savedLines && isDeepStrictEqual(lead, this.#savedLead)) return;
    this.#font.state.lead = lead;
    const problem = await saveFont(this.#path, this.#font);
    if (problem === null) {
      this.#savedLines = lines;
      this.#savedLead = lead;
    } else if (!this.#isTold) {
      this.#isTold = true;
      this.#notice(problem);
    }
  }
}
