/**
 * When the snapshot of the index is written: at close, and in mid-run once that many entries came that reading them again
 * would be felt at a start, but never for more than a twentieth of the time: a history that comes at once is taken in first.
 */
import type { UnixMs } from './entry.ts';
import { explainFailure } from './files/failure.ts';
import type { Files } from './files/files.ts';
import type { JournalPosition } from './journal/journal-reader.ts';
import type { LogKey } from './key/key-file.ts';
import type { LogIndex } from './search/log-index.ts';
import { readProof, writeSnapshot } from './search/snapshot.ts';

/** Entries after which a snapshot is taken in mid-run, unless a tenth of the log is more: bounds the cost of both. */
const everyEntries = 10_000;
/** So many times the while that a snapshot takes pass before it. */
const restShare = 20;
/** What a snapshot takes for each entry, until one of this run has told: about twice what it takes on a slow machine. */
const guessedMsPerEntry = 0.02;

export interface SnapshotKeeperParts {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
  readonly clock: () => UnixMs;
  readonly random: (count: number) => Uint8Array;
  readonly index: LogIndex;
  /** Entries that the snapshot on disk holds. */
  readonly snapshotSequence: number;
}

export class SnapshotKeeper {
  readonly #parts: SnapshotKeeperParts;
  #sequence: number;
  /** Time of the last snapshot, or of opening. */
  #lastMs: UnixMs;
  #msPerEntry = guessedMsPerEntry;

  constructor(parts: SnapshotKeeperParts) {
    this.#parts = parts;
    this.#sequence = parts.snapshotSequence;
    this.#lastMs = parts.clock();
  }

  isBehind(position: JournalPosition): boolean {
    return position.nextSequence > this.#sequence;
  }

  isDue({ nextSequence }: JournalPosition): boolean {
    if (nextSequence - this.#sequence <= Math.max(everyEntries, nextSequence / 10)) return false;
    const tookMs = nextSequence * this.#msPerEntry;
    // A clock that was set back makes the snapshot due, not overdue.
    return Math.abs(this.#parts.clock() - this.#lastMs) >= restShare * tookMs;
  }

  /** Writes the snapshot. Returns a sentence where that failed; the one before it then stays. */
  async write(position: JournalPosition, problems: readonly string[]): Promise<string | null> {
    const { files, folder, key, clock, random, index } = this.#parts;
    // Also where writing fails, so that a full disk does not cost an export at each append.
    this.#sequence = position.nextSequence;
    const startMs = clock();
    try {
      const proof = await readProof(files, folder, position);
      if (proof === null) return null;
      const about = { ...position, proof, problems: [...problems] };
      await writeSnapshot(files, folder, key, random, { about, database: index.export() });
      return null;
    } catch (error) {
      const what = 'The copy of the search index could not be written';
      return explainFailure(error, what, 'No line is lost; the next start takes longer.').message;
    } finally {
      this.#lastMs = clock();
      this.#msPerEntry = Math.max(0, this.#lastMs - startMs) / position.nextSequence;
    }
  }
}
