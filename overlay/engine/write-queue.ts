/**
 * The only way of read lines into the log. Batches are appended in order, one append at a time (the log groups what
 * waited meanwhile into one); while the disk refuses they wait here, bounded, and the append is tried again.
 */
import type { Entry, LogError, Result } from '../../storage/index.ts';

/** Entries handed to one append. */
const APPEND_ENTRIES = 256;
/** Entries that may wait for the disk: hours of chat. */
const WAITING_ENTRIES = 20_000;
/** Above this many waiting entries, pictures are dropped and the text alone waits (a picture has up to 64 KiB). */
const WAITING_WITH_PICTURES = 500;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

export interface WriteQueueOptions {
  /** `Log.append`. */
  readonly append: (entries: readonly Entry[]) => Promise<Result<void, LogError>>;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** What the log or `onKept` threw: a mistake, after which nothing more is written. */
  readonly onMistake: (mistake: unknown) => void;
  /** A sentence while entries wait for the disk, null once they are kept. */
  readonly onProblem: (problem: string | null) => void;
}

/** Entries that belong together, and what to do when all of them are durable. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly onKept: () => void;
}

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting: Batch[] = [];
  #waitingEntries = 0;
  #running: Promise<void> | null = null;
  #lost = 0;
  #failing = false;
  #givenUp = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Entries not yet durable. */
  get waitingEntries(): number {
    return this.#waitingEntries;
  }

  /** Entries refused because too many waited already. */
  get lost(): number {
    return this.#lost;
  }

  push(batch: Batch): void {
    if (this.#waitingEntries + batch.entries.length > WAITING_ENTRIES) {
      this.#lost += batch.entries.length;
      return;
    }
    const crowded = this.#waitingEntries > WAITING_WITH_PICTURES;
    this.#waiting.push(crowded ? { ...batch, entries: batch.entries.map(withoutPicture) } : batch);
    this.#waitingEntries += batch.entries.length;
    if (this.#running !== null) return;
    this.#running = this.#run();
    this.#running.catch(this.#options.onMistake);
  }

  /** Resolves when nothing waits any more, or when the queue gave up after `stop`. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** From here on a refusing disk is not tried again; `idle` then resolves, and what could not be kept is told. */
  stop(): void {
    this.#givenUp = true;
  }

  async #run(): Promise<void> {
    let attempt = 0;
    while (this.#waiting.length > 0) {
      const batches = this.#nextBatches();
      const entries = batches.flatMap((batch) => batch.entries);
      const result = await this.#options.append(entries);
      if (result.ok) {
        attempt = 0;
        this.#waiting.splice(0, batches.length);
        this.#waitingEntries -= entries.length;
        if (this.#failing && this.#waiting.length === 0) {
          this.#failing = false;
          this.#options.onProblem(null);
        }
        for (const batch of batches) batch.onKept();
        continue;
      }
      this.#failing = true;
      this.#options.onProblem(this.#problem(result.error));
      if (this.#givenUp) break;
      await this.#options.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 10_000);
      attempt += 1;
    }
    this.#running = null;
  }

  #nextBatches(): readonly Batch[] {
    let count = 0;
    let entries = 0;
    for (const batch of this.#waiting) {
      entries += batch.entries.length;
      if (count > 0 && entries > APPEND_ENTRIES) break;
      count += 1;
    }
    return this.#waiting.slice(0, count);
  }

  #problem(error: LogError): string {
    const waiting = this.#waiting.reduce((sum, { entries }) => sum + entries.filter(isLine).length, 0);
    const lost = this.#lost > 0 ? ` ${this.#lost} more did not fit into memory and are lost.` : '';
    // Without lines it is a better reading or the end of a session that waits.
    const lines = waiting === 0 ? 'It waits' : waiting === 1 ? '1 line waits' : `${waiting} lines wait`;
    return `${error.message} ${lines} in memory and will be kept as soon as the data folder can be written.${lost}`;
  }
}

function isLine(entry: Entry): boolean {
  return entry.kind === 'line';
}

function withoutPicture(entry: Entry): Entry {
  return entry.kind === 'line' || entry.kind === 'revision' ? { ...entry, picture: null } : entry;
}
