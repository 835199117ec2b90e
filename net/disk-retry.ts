/** When to ask a disk again that refused: after 1, 2, 4, then every 8 seconds, by the clock that never goes back. */
const delaysMs = [1_000, 2_000, 4_000, 8_000] as const;

export class DiskRetry {
  #failures = 0;
  #dueMs = Infinity;

  /** `elapsedMs` at which to try again; Infinity while nothing waits for that. */
  get nextMs(): number {
    return this.#dueMs;
  }

  /** Whether the disk may be asked; once it may, nothing waits any more. */
  mayTry(elapsedMs: number): boolean {
    if (this.#dueMs !== Infinity && elapsedMs < this.#dueMs) return false;
    this.#dueMs = Infinity;
    return true;
  }

  failed(elapsedMs: number): void {
    this.#dueMs = elapsedMs + (delaysMs[this.#failures] ?? delaysMs[3]);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
