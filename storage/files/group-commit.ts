/**
 * Group commit: what arrives while a write is under way waits and then shares one write and one fdatasync. Each caller
 * gets the outcome of its own group, in order.
 */
import type { LogError, Result } from '../log.ts';

interface Ticket<T> {
  readonly item: T;
  readonly bytes: number;
  readonly resolve: (result: Result<void, LogError>) => void;
  readonly reject: (mistake: unknown) => void;
}

/** Bytes that may wait. At chat's pace this is hours: a disk that hangs so long is a failure to report. */
const waitingBytesLimit = 64 * 1024 * 1024;

export interface GroupCommitOptions<T> {
  /** Makes a group durable; never throws for what a disk does. */
  readonly commit: (group: readonly T[]) => Promise<Result<void, LogError>>;
  /** Bytes of one group; a larger single item is a group of its own. Default: all that waits. */
  readonly groupBytesBound?: number;
}

export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  readonly #tickets: Ticket<T>[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
  }

  /** Why nothing of `bytes` bytes may be added; null where it may. */
  refusal(bytes: number): LogError | null {
    if (this.#waitingBytes + bytes <= waitingBytesLimit) return null;
    const message =
      'Too much waits for the disk, so this was not kept. What was kept before is safe. ' +
      'Check whether the disk still answers, then try again.';
    return { kind: 'io', message };
  }

  /** `bytes` is about what the item takes. */
  add(item: T, bytes: number): Promise<Result<void, LogError>> {
    const error = this.refusal(bytes);
    if (error !== null) return Promise.resolve({ ok: false, error });
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#tickets.push({ item, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    for (let group = this.#next(); group.length > 0; group = this.#next()) {
      try {
        const result = await this.#options.commit(group.map(({ item }) => item));
        for (const ticket of group) ticket.resolve(result);
      } catch (mistake) {
        for (const ticket of group) ticket.reject(mistake);
      }
    }
    this.#running = null;
  }

  #next(): readonly Ticket<T>[] {
    const bound = this.#options.groupBytesBound ?? Infinity;
    let bytes = 0;
    let count = 0;
    for (const ticket of this.#tickets) {
      if (count > 0 && bytes + ticket.bytes > bound) break;
      bytes += ticket.bytes;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#tickets.splice(0, count);
  }
}
