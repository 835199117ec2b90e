/**
 * An engine that learns: the game's font is asked first, the engine behind it for what the font does not read, and what that reads
 * teaches the font. Now and then a line that the font reads goes to the engine all the same, so that a wrong label loses its votes;
 * the longer both agree, the more seldom.
 */
import type { EngineError, EngineLine, EngineReading, KeptLine, Learner, OcrEngine, Result } from '../ocr/engine.ts';
import { coverageOf } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { CHECKED_AT_LEAST, CHECKED_EVERY } from './font.ts';
import type { GlyphFont } from './font.ts';

/** A strip of fewer frames still shows the scene behind its letters, and teaches nothing. */
const LEARN_FRAMES = 4;
/** A reading that the engine holds for less likely is too often not text at all. */
const LEARN_CONFIDENCE = 0.5;

/** How many lines were read, and by whom. */
export interface FontEngineStats {
  /** By matching alone. */
  readonly matched: number;
  /** By the engine. */
  readonly asked: number;
  /** By both, to check the font. */
  readonly checked: number;
}

export class FontEngine implements OcrEngine, Learner {
  readonly name: string;
  readonly #engine: OcrEngine;
  readonly #font: GlyphFont;
  #matched = 0;
  #asked = 0;
  #checked = 0;
  /** Lines that the font read since the last check. */
  #unchecked = 0;

  constructor(engine: OcrEngine, font: GlyphFont) {
    this.#engine = engine;
    this.#font = font;
    this.name = `${engine.name}, behind the learned font`;
  }

  get stats(): FontEngineStats {
    return { matched: this.#matched, asked: this.#asked, checked: this.#checked };
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const seen = lines.map((line) => this.#look(line));
    const asked = [...seen.entries()].filter(([, { matched, isChecked }]) => matched === null || isChecked);
    if (asked.length === 0) return { ok: true, value: seen.flatMap(({ matched }) => matched ?? []) };
    const answer = await this.#engine.read(asked.map(([, { line }]) => line));
    const readings = seen.map(({ matched }) => matched);
    if (!answer.ok) {
      // A check that fails takes nothing from what the font read.
      const whole = readings.filter((reading) => reading !== null);
      return whole.length === readings.length ? { ok: true, value: whole } : answer;
    }
    for (const [order, [index, one]] of asked.entries()) {
      const reading = answer.value[order];
      if (reading === undefined) continue;
      if (one.matched !== null) this.#compare(one.matched, reading);
      this.#learn(one.line, one.coverage, reading);
      readings[index] ??= reading;
    }
    return { ok: true, value: readings.map((reading) => reading ?? NOTHING) };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  get lessons(): number {
    return this.#font.state.lines;
  }

  keep({ strip, polarity }: EngineLine): KeptLine {
    const font = this.#font;
    const coverage = coverageOf(strip, polarity);
    return { read: () => font.read(coverage), correct: (text) => font.correct(coverage, text) };
  }

  #look(line: EngineLine): Look {
    const coverage = coverageOf(line.strip, line.polarity);
    const matched = this.#font.read(coverage);
    if (matched === null) {
      this.#asked += 1;
      return { line, coverage, matched, isChecked: false };
    }
    this.#matched += 1;
    this.#unchecked += 1;
    const isChecked = this.#unchecked >= this.#font.state.checkEvery;
    if (isChecked) {
      this.#checked += 1;
      this.#unchecked = 0;
    }
    return { line, coverage, matched, isChecked };
  }

  #compare(matched: EngineReading, reading: EngineReading): void {
    const { state } = this.#font;
    const isSame = matched.text === reading.text;
    state.checkEvery = isSame ? Math.min(CHECKED_AT_LEAST, state.checkEvery * 2) : CHECKED_EVERY;
  }

  #learn({ strip }: EngineLine, coverage: Coverage, reading: EngineReading): void {
    if (strip.frames >= LEARN_FRAMES && reading.confidence >= LEARN_CONFIDENCE) this.#font.learn(coverage, reading);
  }
}

interface Look {
  readonly line: EngineLine;
  readonly coverage: Coverage;
  readonly matched: EngineReading | null;
  readonly isChecked: boolean;
}

const NOTHING: EngineReading = { text: '', confidence: 0, words: [], characters: [] };
