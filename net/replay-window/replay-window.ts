/**
 * Which counters of a key were seen: a ring of bits behind the greatest one, moved word by word (RFC 6479). It decides nothing
 * before authentication: ask `isNew` first, which is cheap, then open the packet, and only then `mark` it.
 *
 * Counters are numbers, not 64-bit integers: the hot path allocates nothing, and a session ends long before 2^53.
 */

/** Counters that are told apart: the greatest seen and the 8,127 below it. Source: spec/PROTOCOL.md, *Data*. */
export const replayWindowWidth = 8_128;

/** RFC 6479: a power of two, more than the width by at least a word, so that a word is only ever cleared as a whole. */
const ringBits = 8_192;
const wordBits = 32;
const ringWords = ringBits / wordBits;

export class ReplayWindow {
  readonly #words = new Uint32Array(ringWords);
  #greatest = -1;

  /** The greatest counter that was marked, or -1. */
  get greatest(): number {
    return this.#greatest;
  }

  /** Whether `counter` (a whole number from 0 to 2^53 - 1) was not marked and is not older than the window. Changes nothing. */
  isNew(counter: number): boolean {
    if (counter > this.#greatest) return true;
    if (this.#greatest - counter >= replayWindowWidth) return false;
    return ((this.#words[wordIndexOf(counter)] ?? 0) & bitOf(counter)) === 0;
  }

  /**
   * Remembers a counter whose packet was authenticated; false, and no change, where it is not new. Throws RangeError on
   * what is not a whole number from 0 to 2^53 - 1.
   */
  mark(counter: number): boolean {
    if (!Number.isSafeInteger(counter) || counter < 0) {
      throw new RangeError(`Expected a whole number from 0 and below 2^53 for the counter but received ${counter}`);
    }
    if (!this.isNew(counter)) return false;
    if (counter > this.#greatest) this.#moveTo(counter);
    const index = wordIndexOf(counter);
    this.#words[index] = (this.#words[index] ?? 0) | bitOf(counter);
    return true;
  }

  #moveTo(counter: number): void {
    const from = Math.floor(this.#greatest / wordBits);
    const steps = Math.min(Math.floor(counter / wordBits) - from, ringWords);
    for (let step = 1; step <= steps; step += 1) this.#words[(from + step + ringWords) % ringWords] = 0;
    this.#greatest = counter;
  }
}

function wordIndexOf(counter: number): number {
  return Math.floor(counter / wordBits) % ringWords;
}

function bitOf(counter: number): number {
  return 1 << (counter % wordBits);
}
