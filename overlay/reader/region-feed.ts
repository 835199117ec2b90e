/**
 * The way of one region's frames into its reader: each frame is looked at as it comes, while what is due is read in its
 * own time. Nothing waits here but the rows that the reader holds, whose number is bounded.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Frame } from '../../capture/index.ts';

export interface RegionFeedOptions {
  /** `ChatReader.look`. */
  readonly look: (frame: Frame) => void;
  /** `ChatReader.read`: reads some of what is due; resolves to whether more is. One call at a time. */
  readonly read: () => Promise<boolean>;
  /** A frame was looked at: the sender may send the next. */
  readonly onTaken: () => void;
  /** A reader that throws is a programmer's mistake; the process ends and main starts another. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
}

export class RegionFeed {
  readonly #options: RegionFeedOptions;
  #isStarted = false;
  #isAsked = false;
  #running: Promise<void> | null = null;
  #busySinceMs: number | null = null;
  #interjected: (() => void)[] = [];

  constructor(options: RegionFeedOptions) {
    this.#options = options;
  }

  /** How long the reading under way takes already; 0 while idle. */
  get busyMs(): number {
    return this.#busySinceMs === null ? 0 : this.#options.elapsedMs() - this.#busySinceMs;
  }

  /** The engine is there: from here on frames are read, too. */
  start(): void {
    this.#isStarted = true;
    this.#wake();
  }

  offer(frame: Frame): void {
    try {
      this.#options.look(frame);
    } catch (error) {
      this.#options.onError(error);
      return;
    }
    this.#options.onTaken();
    this.#wake();
  }

  /** Does something to the reader while it reads nothing: at once, or right after the reading under way. */
  interject(task: () => void): void {
    if (this.#busySinceMs === null) task();
    else this.#interjected.push(task);
  }

  /** Resolves when nothing is being read. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #wake(): void {
    if (!this.#isStarted) return;
    this.#isAsked = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        this.#busySinceMs = this.#options.elapsedMs();
        const isMore = await this.#options.read();
        this.#busySinceMs = null;
        for (const task of this.#interjected.splice(0)) task();
        if (!isMore) continue;
        this.#isAsked = true;
        // What is read by its pixels alone waits for nobody: frames that came meanwhile are looked at first.
        await nextTurn();
      }
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#busySinceMs = null;
      this.#running = null;
    }
  }
}
