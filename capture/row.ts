/**
 * Row: one strip and what was read in it. A row is read as soon as it stood still for two frames, and again when more
 * frames are fused; the readings vote. One that leaves the screen before the engine came to it waits for it.
 */
import type { EngineReading, TextEvidence } from './ocr/engine.ts';
import type { Strip } from './image/strip.ts';

/** A row is read when its strip has gathered this many frames; */
const READ_AT_FRAMES = [2, 5, 12, 30] as const;
/** and this many where the first frame already told that it is chat. */
const EARLY_AT_FRAMES = [1, 4, 10, 24] as const;
/** Two equal readings this sure are not checked again. */
const SURE = 0.8;

export class Row {
  readonly strip: Strip;
  /** Stands for the row where its pixels are not to be kept. */
  readonly token: object = {};
  /** Left side of the frame in which it appeared, for order and joining. */
  firstMs: number;
  /** The reading that won, or what is known better by other lines; empty before the first. */
  text = '';
  /** What the engine saw when it read the row last. */
  evidence: TextEvidence | null = null;
  confidence = 0;
  /** Read, and taken for chat. */
  accepted = false;
  /** Left the screen: what is to be read of it is read from what was seen. */
  departed = false;
  /** How often the whole chat had been replaced when it appeared. */
  readonly epoch: number;
  /** It stands where the next line of chat is expected. */
  isExpected = false;
  /** One frame is enough for a first reading. */
  isEarly = false;
  readonly #readings: { text: string; confidence: number }[] = [];
  #readFrames = 0;
  /** What it says is known better than by reading it once more. */
  #isSettled = false;
  /** The reading that won. */
  #best = '';

  constructor(strip: Strip, epoch: number) {
    this.strip = strip;
    this.epoch = epoch;
    this.firstMs = strip.firstMs;
  }

  /** Chat, and seen in the last frame. */
  get isInSight(): boolean {
    return this.accepted && !this.departed && this.strip.missing === 0;
  }

  get wasRead(): boolean {
    return this.#readFrames > 0;
  }

  /** Whether another reading is worth its cost; `leaving`: this is the last chance. */
  isDue(leaving: boolean = this.departed): boolean {
    const { frames } = this.strip;
    if (this.#isSettled) return false;
    if (frames < (this.isEarly ? 1 : 2) || frames <= this.#readFrames) return false;
    if (this.#readFrames === 0) return true;
    const agreed = this.#readings.filter((reading) => reading.text === this.#best);
    if (agreed.length >= 2 && this.confidence >= SURE) return false;
    if (leaving) return frames >= this.#readFrames * 1.5;
    const due = this.isEarly && this.accepted ? EARLY_AT_FRAMES : READ_AT_FRAMES;
    return due.some((at) => this.#readFrames < at && frames >= at);
  }

  /** Drops the readings, because the row will be looked at in another way; what was told of it stays until then. */
  forget(): void {
    this.#readings.length = 0;
    this.#readFrames = 0;
    if (this.text !== '') this.#readings.push({ text: this.text, confidence: this.confidence / 2 });
  }

  /** What it says is known: by a font that was learned since, or by the user. */
  settle(text: string, confidence: number): void {
    this.#isSettled = true;
    this.#best = text;
    this.text = text;
    this.confidence = confidence;
  }

  /** Goes on with a row whose picture was lost: what was read of it counts on. */
  adopt(lost: Row): void {
    this.firstMs = Math.min(this.firstMs, lost.firstMs);
    const own = this.#readings.splice(0);
    this.#readings.push(...lost.#readings);
    if (lost.#isSettled) this.settle(lost.text, lost.confidence);
    else for (const reading of own) this.#count(reading);
  }

  /** Takes a reading in. Equal texts add up; of equal sums the later one, of more fused frames, wins. */
  take(reading: EngineReading): void {
    this.#readFrames = this.strip.frames;
    this.evidence = reading.evidence ?? null;
    this.#count(reading);
  }

  #count({ text, confidence }: { readonly text: string; readonly confidence: number }): void {
    this.#readings.push({ text, confidence });
    const sums = new Map<string, number>();
    for (const [index, one] of this.#readings.entries())
      sums.set(one.text, (sums.get(one.text) ?? 0) + one.confidence * (1 + index * 0.15));
    let best = -1;
    for (const [one, sum] of sums)
      if (sum >= best) {
        best = sum;
        this.#best = one;
      }
    this.text = this.#best;
    this.confidence = Math.max(...this.#readings.filter((r) => r.text === this.#best).map((r) => r.confidence));
  }
}

/** Order of reading: rows of a chat that was replaced come before those of the next, then top to bottom. */
export function compareRows(a: Row, b: Row): number {
  return a.epoch - b.epoch || a.strip.topPx - b.strip.topPx;
}
