/**
 * Group commit: appends that arrive while a write is under way wait and then share one write and one fdatasync. Each
 * caller gets the outcome of its own group, in order.
 */
import type { Entry } from './entry.ts';
import type { LogError, Result } from './log.ts';

/** An append that waits: its entries, their plain texts, and whom to tell. */
export interface WaitingAppend {
  readonly entries: readonly Entry[];
  readonly plains: readonly Uint8Array[];
}

interface Ticket extends WaitingAppend {
  readonly bytes: number;
  readonly resolve: (result: Result<void, LogError>) => void;
  readonly reject: (mistake: unknown) => void;
}

/** Bytes of one group; a larger single append is a group of its own. */
const groupBytesBound = 4 * 1024 * 1024;
/** Bytes that may wait. At chat's pace this is hours: a disk that hangs so long is a failure to report. */
const waitingBytesLimit = 64 * 1024 * 1024;

export class GroupCommit {
  readonly #commit: (group: readonly WaitingAppend[]) => Promise<Result<void, LogError>>;
  readonly #tickets: Ticket[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;

  /** `commit` makes a group durable; it never throws for what a disk does. */
  constructor(commit: (group: readonly WaitingAppend[]) => Promise<Result<void, LogError>>) {
    this.#commit = commit;
  }

  add(append: WaitingAppend): Promise<Result<void, LogError>> {
    const bytes = append.plains.reduce((sum, plain) => sum + plain.length, 0);
    if (this.#waitingBytes + bytes > waitingBytesLimit) {
      const message =
        'Too many lines wait for the disk, so these were not kept. What was kept before is safe. ' +
        'Check whether the disk still answers, then try again.';
      return Promise.resolve({ ok: false, error: { kind: 'io', message } });
    }
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#tickets.push({ ...append, bytes, resolve, reject });
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
        const result = await this.#commit(group);
        for (const ticket of group) ticket.resolve(result);
      } catch (mistake) {
        for (const ticket of group) ticket.reject(mistake);
      }
    }
    this.#running = null;
  }

  #next(): readonly Ticket[] {
    let bytes = 0;
    let count = 0;
    for (const ticket of this.#tickets) {
      if (count > 0 && bytes + ticket.bytes > groupBytesBound) break;
      bytes += ticket.bytes;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#tickets.splice(0, count);
  }
}
