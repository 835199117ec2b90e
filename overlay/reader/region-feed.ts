/**
 * The bounded way of one region's frames into its reader: one frame is being read, at most one waits, a newer one takes
 * the place of the waiting one.
 */
import type { Frame } from '../../capture/index.ts';

export interface RegionFeedOptions {
  /** `ChatReader.push`: must not be called again before its promise resolved. */
  readonly push: (frame: Frame) => Promise<void>;
  /** A frame left the queue: the sender may send the next. */
  readonly onTaken: () => void;
  /** A reader that throws is a programmer's mistake; the process ends and main starts another. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
}

export class RegionFeed {
  readonly #options: RegionFeedOptions;
  #waiting: Frame | null = null;
  #running: Promise<void> | null = null;
  #busySinceMs: number | null = null;
  #interjected: (() => void)[] = [];
  #dropped = 0;

  constructor(options: RegionFeedOptions) {
    this.#options = options;
  }

  /** Frames that a newer one replaced. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How long the frame in work has been in work; 0 while idle. */
  get busyMs(): number {
    return this.#busySinceMs === null ? 0 : this.#options.elapsedMs() - this.#busySinceMs;
  }

  offer(frame: Frame): void {
    if (this.#waiting !== null) this.#dropped += 1;
    this.#waiting = frame;
    this.#running ??= this.#run();
  }

  /** Does something to the reader while no frame is in work: at once, or right after the one in work. */
  interject(task: () => void): void {
    if (this.#busySinceMs === null) task();
    else this.#interjected.push(task);
  }

  /** Resolves when no frame waits or is in work. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        const frame = this.#waiting;
        if (frame === null) break;
        this.#waiting = null;
        this.#busySinceMs = this.#options.elapsedMs();
        this.#options.onTaken();
        await this.#options.push(frame);
        for (const task of this.#interjected.splice(0)) task();
      }
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#busySinceMs = null;
      this.#running = null;
    }
  }
}
