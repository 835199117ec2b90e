/**
 * The small state beside the log: what is looked up by a key and replaced, unlike entries, which never change (contacts,
 * codes, requests, the outbox, stamps). Each write is atomic over all its changes, and durable when it resolves.
 */
import type { LogError, Result } from './log.ts';

/**
 * `value` null removes the key. Keys: 1 to 200 characters; values: JSON text of at most 64 KiB in UTF-8. 200,000 keys and
 * 64 MiB in all.
 */
export interface StateChange {
  readonly key: string;
  readonly value: string | null;
}

export interface StateStore {
  /** As of the last `write` that was called, whether or not it is durable yet. */
  get(key: string): string | null;
  /** Keys that begin with `prefix`, sorted by their characters' codes, with their values. */
  list(prefix: string): readonly (readonly [key: string, value: string])[];
  /**
   * All of `changes` or none; resolves once they are on disk. Writes that wait share one fsync; order is kept. A failure
   * of the disk (`disk-full`, `io`...) leaves the changes in memory, and they go to disk with the next write; so what is
   * on disk is always what the state was after some write, and lacks none that resolved well. Refused without any change:
   * `closed`, `read-only`, and `io` where there is no room. Rejects with RangeError where a bound of one change is broken.
   */
  write(changes: readonly StateChange[]): Promise<Result<void, LogError>>;
  close(): Promise<void>;
}
