/**
 * Tesseract's table of a page as one reading: level, page, block, paragraph, line, word, left, top, width, height,
 * confidence (0 to 100), text, tab-separated, one row an element. Also the clean-up of text that holds for every game.
 * The JSON output would tell each symbol's alternatives as well, at twenty times the size.
 */
import * as v from 'valibot';
import type { EngineError, EngineReading, EngineWord, Result } from './engine.ts';

const pageSchema = v.object({ tsv: v.pipe(v.string(), v.maxLength(1_000_000)) });
const columns = 12;
const wordLevel = '5';

/** @param page what the worker script answered to `recognize` with `tsv` asked for. */
export function readTsv(page: unknown): Result<EngineReading, EngineError> {
  const parsed = v.safeParse(pageSchema, page);
  if (!parsed.success) {
    return { ok: false, error: { kind: 'refused', message: "The reader's engine gave a page without a table." } };
  }
  const words: EngineWord[] = [];
  for (const row of parsed.output.tsv.split('\n')) {
    const cells = row.split('\t');
    if (cells.length < columns || cells[0] !== wordLevel) continue;
    const [left, width, confidence] = [Number(cells[6]), Number(cells[8]), Number(cells[10])];
    const text = cleanText(cells.slice(columns - 1).join(' '));
    if (text === '' || !Number.isFinite(left + width + confidence)) continue;
    words.push({ text, confidence: Math.min(1, Math.max(0, confidence / 100)), x0: left, x1: left + width });
  }
  return {
    ok: true,
    value: { text: words.map((word) => word.text).join(' '), confidence: meanConfidence(words), words },
  };
}

/** Mean over characters, so that a lone doubtful mark does not weigh as much as a long word. */
function meanConfidence(words: readonly EngineWord[]): number {
  let sum = 0;
  let characters = 0;
  for (const word of words) {
    const length = word.text.length;
    sum += word.confidence * length;
    characters += length;
  }
  return characters === 0 ? 0 : sum / characters;
}

/** A letter that looks like a one, behind a digit and not before another letter: `botmaster0l`, `2:4l`. */
const oneAsLetter = /(?<=\d)[lI](?!\p{L})/gu;

/**
 * What a keyboard types in place of what a printer sets: chat has straight quotes and plain hyphens, books, from which
 * the engine learnt, have curly ones and ligatures. A one that was read as a letter becomes a digit. Composed to NFC, white space folded, control characters dropped.
 */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\u2018\u2019\u201A\u201B\u2032]/g, "'")
    .replaceAll(/[\u201C\u201D\u201E\u201F\u2033]/g, '"')
    .replaceAll(/[\u2010-\u2015]/g, '-')
    .replaceAll('\uFB01', 'fi')
    .replaceAll('\uFB02', 'fl')
    .replaceAll(oneAsLetter, '1')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
