/**
 * The door of the OCR engines: pictures of single lines in, texts out. Fourth stage of the flow:
 * Frame -> strips -> ink image -> reading -> line. An engine knows neither games nor the screen; whatever may go wrong
 * with it in a good world (a dead thread, a picture that takes too long) is a value.
 */

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** One line of text as an engine likes it: dark strokes on white, a white border around them. */
export interface InkImage {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row-major, `width * height` bytes: 0 is ink, 255 paper. */
  readonly grey: Uint8Array;
}

/** One word of a reading. */
export interface EngineWord {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Left edge (inclusive) and right edge (exclusive), px of the `InkImage`. */
  readonly x0: number;
  readonly x1: number;
}

/** What an engine read in one picture; `text` is the words joined by one space, empty where nothing was read. */
export interface EngineReading {
  readonly text: string;
  /** Mean confidence of the characters, 0 to 1; 0 where nothing was read. */
  readonly confidence: number;
  readonly words: readonly EngineWord[];
}

/**
 * Why an engine gave no reading. `message` is a sentence for the user.
 * `no-language`: a language's data is not installed. `start-failed`: the engine did not come up. `died`: it came up and
 * ended in the middle of a reading. `timeout`: a picture took longer than the limit. `refused`: the engine answered
 * with an error of its own. `closed`: `close` was called.
 */
export interface EngineError {
  readonly kind: 'no-language' | 'start-failed' | 'died' | 'timeout' | 'refused' | 'closed';
  readonly message: string;
}

export interface OcrEngine {
  /** Engine, version and languages, for the diagnostics. */
  readonly name: string;
  /**
   * Reads pictures of one line each; the readings come in the order of the pictures. After an error the engine mends
   * itself: the next call starts afresh. Calls may overlap, they are served in order.
   * @throws RangeError for more than 256 pictures, or a picture whose `grey` has not `width * height` bytes.
   */
  read(images: readonly InkImage[]): Promise<Result<readonly EngineReading[], EngineError>>;
  /** Ends the engine; readings under way end with `closed`. */
  close(): Promise<void>;
}
