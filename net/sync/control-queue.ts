/**
 * What is to be told on the control class, asked for only when there is room: each source makes its next record from
 * what is true then, so nothing stale waits and nothing is lost where the class is full.
 */
export interface ControlRecord {
  readonly bytes: Uint8Array;
  /** Called when it is queued. */
  readonly sent: () => void;
}

export interface ControlSource {
  /** Null while there is nothing to tell. */
  next(): ControlRecord | null;
}

export class ControlQueue {
  readonly #queue: (bytes: Uint8Array) => boolean;
  readonly #sources: readonly ControlSource[];
  #isUp = false;
  #flushing = false;
  #isStale = false;

  /** @param queue false where the class is full. @param sources in order: what the first has to tell goes first. */
  constructor(queue: (bytes: Uint8Array) => boolean, sources: readonly ControlSource[]) {
    this.#queue = queue;
    this.#sources = sources;
  }

  up(): void {
    this.#isUp = true;
    this.flush();
  }

  down(): void {
    this.#isUp = false;
  }

  /** Queues what there is to tell, as far as there is room. */
  flush(): void {
    this.#isStale = true;
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#flush();
      }
    } finally {
      this.#flushing = false;
    }
  }

  #flush(): void {
    if (!this.#isUp) return;
    for (const source of this.#sources) {
      for (let record = source.next(); record !== null; record = source.next()) {
        if (!this.#isUp || !this.#queue(record.bytes)) return;
        record.sent();
      }
    }
  }
}

/**
 * A source of records that are told once, each until it is queued; told again only when set again. Bounded by its
 * keys.
 */
export class ControlSlots implements ControlSource {
  readonly #due = new Map<string, () => Uint8Array | null>();

  /** `make` is called when there is room; null: there is nothing to tell any more. */
  set(key: string, make: () => Uint8Array | null): void {
    this.#due.delete(key);
    this.#due.set(key, make);
  }

  clear(): void {
    this.#due.clear();
  }

  next(): ControlRecord | null {
    for (const [key, make] of this.#due) {
      const bytes = make();
      if (bytes !== null) return { bytes, sent: () => this.#due.delete(key) };
      this.#due.delete(key);
    }
    return null;
  }
}
