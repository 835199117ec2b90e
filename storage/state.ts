/**
 * The small state beside the log: what is looked up by a key and replaced, unlike entries, which never change (contacts,
 * codes, requests, the outbox, stamps). Each write is atomic over all its changes, and durable when it resolves.
 */
import type { LogError, Result } from './log.ts';

/** `value` null removes the key. Keys: 1 to 200 characters; values: JSON text of at most 64 KiB. */
export interface StateChange {
  readonly key: string;
  readonly value: string | null;
}

export interface StateStore {
  /** As of the last `write` that was called, whether or not it is durable yet. */
  get(key: string): string | null;
  /** Keys that begin with `prefix`, sorted, with their values. */
  list(prefix: string): readonly (readonly [key: string, value: string])[];
  /** All of `changes` or none; resolves once they are on disk. Writes that wait share one fsync; order is kept. */
  write(changes: readonly StateChange[]): Promise<Result<void, LogError>>;
  close(): Promise<void>;
}
