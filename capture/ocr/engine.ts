/**
 * The door of the OCR engines: single lines in, texts out. Fourth stage of the flow: Frame -> strips -> reading -> line.
 * A line comes as the pipeline has it, and each engine makes the picture of it that it was made for: Tesseract dark ink on
 * white, the chat recogniser the colours as they are. An engine knows neither games nor the screen; whatever may go wrong
 * with it in a good world (a dead thread, a picture that takes too long, a damaged model) is a value.
 */
import type { Polarity } from '../image/ink.ts';
import type { FusedStrip } from '../image/recipe.ts';

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** One line of text as the pipeline has it. */
export interface EngineLine {
  readonly strip: FusedStrip;
  /** `light`: letters lighter than the scene. */
  readonly polarity: Polarity;
}

/** One word of a reading. */
export interface EngineWord {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Left edge (inclusive) and right edge (exclusive), px of the strip, not rounded. */
  readonly x0: number;
  readonly x1: number;
}

/** One character of a reading. */
export interface EngineCharacter {
  /** One code point. */
  readonly text: string;
  /** Probability that it is right, 0 to 1. */
  readonly confidence: number;
}

/** What an engine saw in one line, to be asked about other texts. */
export interface TextEvidence {
  /** What that engine read itself; a reading that goes with the evidence may be another engine's. */
  readonly read: string;
  /** Natural logarithm of how likely a text is, at most 0; -Infinity where it cannot be. Texts are compared by their difference. */
  logLikelihood(text: string): number;
}

/** What an engine read in one line; `text` is the words joined by one space, empty where nothing was read. */
export interface EngineReading {
  readonly text: string;
  /** Mean confidence of the characters, 0 to 1; 0 where nothing was read. */
  readonly confidence: number;
  readonly words: readonly EngineWord[];
  /** The characters of `text` in order, spaces too; absent where the engine tells no more than words. */
  readonly characters?: readonly EngineCharacter[];
  /** Absent where the engine cannot tell, and where nothing was read. */
  readonly evidence?: TextEvidence;
}

/**
 * Why an engine gave no reading. `message` is a sentence for the user.
 * `no-language`: a language's data is not installed. `model-missing`, `model-damaged`: the recogniser's files are not
 * there, or are not what they should be. `start-failed`: the engine did not come up. `died`: it came up and ended in the
 * middle of a reading. `timeout`: a picture took longer than the limit. `refused`: the engine answered with an error of
 * its own. `closed`: `close` was called.
 */
export interface EngineError {
  readonly kind:
    'no-language' | 'model-missing' | 'model-damaged' | 'start-failed' | 'died' | 'timeout' | 'refused' | 'closed';
  readonly message: string;
}

/** Lines that one call may ask for. */
export const MOST_LINES = 256;

export interface OcrEngine {
  /** Engine and version, languages or model, for the diagnostics. */
  readonly name: string;
  /**
   * Reads lines; the readings come in their order. After an error the engine mends itself: the next call starts afresh.
   * Calls may overlap, they are served in order.
   * @throws RangeError for more than 256 lines, or a strip whose planes have not `width * height * 3` bytes.
   */
  read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>>;
  /** Ends the engine; readings under way end with `closed`. */
  close(): Promise<void>;
}

/** What an engine that learns keeps of a line, some kilobytes: the line can be read again long after its pixels are gone. */
export interface KeptLine {
  /** Reads it by what was learned up to now; null where that does not explain it. No other engine is asked. */
  read(): EngineReading | null;
  /** A user says that this is its text. */
  correct(text: string): void;
}

/** An engine that learns from the lines that it is given. */
export interface Learner {
  /** Lines that taught it. */
  readonly lessons: number;
  keep(line: EngineLine): KeptLine;
}
