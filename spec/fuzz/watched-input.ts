/**
 * The input that is being taken, where another thread can read it: a parser that hangs cannot be asked. 4 bytes with the number
 * of the input, 4 with its length, 4 with the number of the target, then the bytes.
 */
const headWords = 3;
const bytesLimit = 64 * 1024;

export class WatchedInput {
  readonly buffer: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(headWords * 4 + bytesLimit)) {
    this.buffer = buffer;
    this.#head = new Int32Array(buffer, 0, headWords);
    this.#bytes = new Uint8Array(buffer, headWords * 4);
  }

  /** Number of the input in its target, from 1; 0 while none is being taken. */
  get number(): number {
    return Atomics.load(this.#head, 0);
  }

  get target(): number {
    return Atomics.load(this.#head, 2);
  }

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, Atomics.load(this.#head, 1));
  }

  begin(target: number, number: number, input: Uint8Array): void {
    this.#bytes.set(input.subarray(0, bytesLimit));
    Atomics.store(this.#head, 1, Math.min(input.length, bytesLimit));
    Atomics.store(this.#head, 2, target);
    Atomics.store(this.#head, 0, number);
  }

  end(): void {
    Atomics.store(this.#head, 0, 0);
  }
}
