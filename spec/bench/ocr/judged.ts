/** Readings beside the truth, and the tables made of them. */
import type { EngineChoice, EngineReading } from '../../../capture/index.ts';
import { chooseReading, DOUBTFUL_BELOW, isDoubtful } from '../../../capture/ocr/arbiter.ts';
import { countEdits } from '../../score.ts';
import { lettersOf } from './recorded-strips.ts';

/** One reading beside the truth. */
export interface Judged {
  readonly recording: string;
  readonly engine: EngineChoice;
  readonly fused: boolean;
  readonly truth: string;
  readonly edits: number;
  readonly reading: EngineReading;
}

export const pad = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Edits between the truth and a reading, at most one for each character of the truth where there is any. */
export function editsOf(truth: readonly string[], reading: EngineReading): number {
  const read = lettersOf(reading.text);
  return truth.length === 0 ? read.length : Math.min(truth.length, countEdits(truth, read));
}

/** What the arbiter would do with other thresholds, from what both engines read. */
export function printSweep(all: readonly Judged[]): void {
  const [mine, others] = (['chat-line', 'tesseract'] as const).map((name) =>
    all.filter(({ engine }) => engine === name),
  );
  console.log('threshold of doubt: lines asked of Tesseract %, CER %');
  for (const below of [0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1.01]) {
    let [asked, edits, characters] = [0, 0, 0];
    for (const [at, one] of (mine ?? []).entries()) {
      const other = others?.[at];
      const asks = other !== undefined && isDoubtful(one.reading, below);
      if (asks) asked++;
      edits += asks && chooseReading(one.reading, other.reading, true) === other.reading ? other.edits : one.edits;
      characters += Array.from(one.truth).length;
    }
    const share = (100 * asked) / Math.max(1, mine?.length ?? 0);
    const mark = below === DOUBTFUL_BELOW ? '  as it is' : '';
    console.log(`${pad(below, 3, 8)}${pad(share, 1, 8)}${pad((100 * edits) / Math.max(1, characters), 2, 8)}${mark}`);
  }
}

const CONFIDENCES = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 0.99, 1];

/** By mean confidence of a reading, the share of its characters that were right. */
export function printShares(all: readonly Judged[], engine: EngineChoice): void {
  console.log(`${engine}: mean confidence from, to, lines, mean confidence, characters right %`);
  const readings = all.filter((one) => one.engine === engine && one.reading.text !== '');
  for (const [at, from] of CONFIDENCES.slice(0, -1).entries()) {
    const to = CONFIDENCES[at + 1] ?? 1;
    const inside = readings.filter(
      ({ reading: { confidence } }) => confidence >= from && (confidence < to || to === 1),
    );
    if (inside.length === 0) continue;
    const characters = sum(inside.map(({ reading, truth }) => Math.max(lettersOf(reading.text).length, truth.length)));
    const wrong = sum(inside.map(({ edits, reading, truth }) => (truth === '' ? reading.text.length : edits)));
    const mean = sum(inside.map(({ reading }) => reading.confidence)) / inside.length;
    const right = 100 * (1 - wrong / Math.max(1, characters));
    console.log(`${pad(from, 2, 8)}${pad(to, 2, 6)}${pad(inside.length, 0, 7)}${pad(mean, 3, 8)}${pad(right, 2, 8)}`);
  }
}
