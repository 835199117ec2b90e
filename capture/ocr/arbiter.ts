/**
 * The arbiter: an engine made of two. The chat recogniser reads every line, at a fifth of Tesseract's cost; where it
 * doubts, Tesseract reads the line as well, and the likelier reading is taken. Tesseract takes seconds to start, and is
 * started and waited for only by a line that needs it.
 */
import type { ChatLineEngine } from './chat-line.ts';
import type { EngineError, EngineLine, EngineReading, OcrEngine, Result } from './engine.ts';

/**
 * A line of which the recogniser holds fewer of the characters to be right is read by Tesseract as well. The benchmark
 * `npm run bench -- ocr` prints what other thresholds cost and bring: on 1,673 rendered lines asking below
 * 0.9, of twice as many, mends 12 more of 1,353 wrong characters.
 */
export const DOUBTFUL_BELOW = 0.85;
/**
 * Tesseract's confidence is no probability: the share of characters that it got right at each mean confidence, over 1,290
 * rendered lines in fonts that no training saw (`npm run bench -- ocr` prints it), drawn through so that it only rises.
 */
const TESSERACT_SHARES: readonly (readonly [confidence: number, share: number])[] = [
  [0, 0.35],
  [0.09, 0.43],
  [0.25, 0.57],
  [0.35, 0.66],
  [0.45, 0.8],
  [0.55, 0.845],
  [0.65, 0.885],
  [0.725, 0.92],
  [0.8, 0.945],
  [0.88, 0.959],
  [0.91, 0.972],
  [0.93, 0.979],
  [0.95, 0.983],
];

/**
 * Lines that the recogniser doubts are hard for Tesseract, too, harder than its shares over all lines tell: it must be surer by
 * this much. Found on 2,200 rendered lines: at less gain, and at more, more characters are wrong.
 */
const LEAST_GAIN = 0.08;
/** From this share of right characters on Tesseract is believed that a line holds letters that the recogniser lacks. */
const FOREIGN_FROM = 0.6;

/** The share of its characters that Tesseract got right, by its own mean confidence, 0 to 1. */
function tesseractShare(confidence: number): number {
  let [fromX, fromY] = [0, 0];
  for (const [x, y] of TESSERACT_SHARES) {
    if (confidence <= x) return x === fromX ? y : fromY + ((confidence - fromX) / (x - fromX)) * (y - fromY);
    [fromX, fromY] = [x, y];
  }
  return fromY;
}

/** Where the recogniser sees no text there is none: Tesseract reads letters into every scene. */
export function isDoubtful({ text, confidence }: EngineReading, below: number): boolean {
  return text !== '' && confidence < below;
}

/**
 * The likelier of two readings. Tesseract's goes on with its own confidence, which is low on scene that looks like
 * strokes; its share of right characters holds for chat only.
 * @param isKnown whether the recogniser could have read all letters of Tesseract's reading.
 */
export function chooseReading(mine: EngineReading, other: EngineReading, isKnown: boolean): EngineReading {
  if (mine.text === other.text)
    return other.confidence > mine.confidence ? { ...mine, confidence: other.confidence } : mine;
  const share = other.text === '' ? 0 : tesseractShare(other.confidence);
  return share > mine.confidence + LEAST_GAIN || (!isKnown && share >= FOREIGN_FROM) ? other : mine;
}

export class Arbiter implements OcrEngine {
  readonly name: string;
  readonly #first: ChatLineEngine;
  readonly #second: OcrEngine;
  readonly #asksAlways: boolean;

  /**
   * @param second Tesseract, which may start only when it is asked.
   * @param asksAlways the chat may be in a script that the recogniser does not know: its confidence says nothing then.
   */
  constructor(first: ChatLineEngine, second: OcrEngine, asksAlways: boolean) {
    this.#first = first;
    this.#second = second;
    this.#asksAlways = asksAlways;
    this.name = `${first.name}, doubtful lines by tesseract.js too`;
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const first = await this.#first.read(lines);
    if (!first.ok) {
      if (first.error.kind === 'closed') return first;
      const second = await this.#second.read(lines);
      return second.ok ? second : first;
    }
    const doubtful = new Set<number>();
    for (const [index, reading] of first.value.entries())
      if (this.#asksAlways || isDoubtful(reading, DOUBTFUL_BELOW)) doubtful.add(index);
    if (doubtful.size === 0) return first;
    const others = await this.#second.read(lines.filter((_, index) => doubtful.has(index)));
    // What the recogniser read stands where there is no other opinion.
    if (!others.ok) return first;
    const chosen = [...first.value];
    for (const [at, index] of [...doubtful].entries()) {
      const [mine, other] = [first.value[index], others.value[at]];
      if (mine === undefined || other === undefined) continue;
      const best = chooseReading(mine, other, this.#first.knows(other.text));
      // What the recogniser saw tells of other texts, whoever read this one.
      chosen[index] = mine.evidence === undefined ? best : { ...best, evidence: mine.evidence };
    }
    return { ok: true, value: chosen };
  }

  async close(): Promise<void> {
    await this.#first.close();
    await this.#second.close();
  }
}
