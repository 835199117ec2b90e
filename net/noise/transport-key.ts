/**
 * One direction's key: ChaCha20-Poly1305 (RFC 8439, by @noble/ciphers) with the nonce that Noise makes of a counter
 * (section 12.3: four zero bytes, then the counter in 64 bits, little-endian). Datagrams carry their counter, so they
 * open in any order; who calls remembers which counters were used and seen. `CipherState` counts on its own.
 *
 * Counters are numbers below 2^53 - 1 rather than 64-bit integers: at a million datagrams a second that lasts 285
 * years, and it costs no allocation. The nonce of all ones, which the specification reserves, serves only to rekey.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** Bytes of every key of the cipher (section 4.2). */
export const cipherKeyBytes = 32;
/** Bytes that sealing adds. */
export const tagBytes = 16;
/** Bytes of a Noise message, at most (section 3). */
export const messageBytesLimit = 65_535;
/** Counters are whole numbers from 0 and below this one. */
export const counterLimit = Number.MAX_SAFE_INTEGER;

const nonceBytes = 12;
const noBytes = new Uint8Array();

export class TransportKey {
  readonly #key = new Uint8Array(cipherKeyBytes);
  // Both are made once: the cipher borrows them for the length of a call.
  readonly #nonce = new Uint8Array(nonceBytes);
  readonly #nonceView = new DataView(this.#nonce.buffer);
  #isLive = true;

  /** Copies `key`. Throws RangeError unless it has 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== cipherKeyBytes) {
      throw new RangeError(`Expected ${cipherKeyBytes} bytes for the cipher key but received ${key.length}`);
    }
    this.#key.set(key);
  }

  /**
   * `plain` sealed, with its tag behind it: 16 bytes more. A counter must never seal twice under one key. `output`,
   * where given, takes the result and has exactly its size; at an offset that is a multiple of four sealing is a fifth
   * faster than at others. Throws RangeError on a counter out of range, a message above 65,535 bytes or an output of
   * another size, TypeError once destroyed.
   */
  seal(counter: number, ad: Uint8Array, plain: Uint8Array, output?: Uint8Array): Uint8Array {
    if (!isCounter(counter)) {
      throw new RangeError(`Expected a whole number from 0 and below 2^53 - 1 for the counter but received ${counter}`);
    }
    if (plain.length > messageBytesLimit - tagBytes) {
      const limit = messageBytesLimit - tagBytes;
      throw new RangeError(`Expected at most ${limit} bytes for the plain text but received ${plain.length}`);
    }
    expectOutput(output, plain.length + tagBytes);
    this.#expectLive();
    this.#setNonce(counter);
    return chacha20poly1305(this.#key, this.#nonce, ad).encrypt(plain, output);
  }

  /**
   * The plain text, or null: the tag does not fit, the message is shorter than a tag or longer than 65,535 bytes, the
   * counter is out of range, or the key is destroyed. Never throws on what came from the network; throws RangeError on
   * an `output` (16 bytes less than `sealed`) of another size. Nothing is written to `output` before the tag was seen
   * to fit.
   */
  open(counter: number, ad: Uint8Array, sealed: Uint8Array, output?: Uint8Array): Uint8Array | null {
    if (!this.#isLive || !isCounter(counter)) return null;
    if (sealed.length < tagBytes || sealed.length > messageBytesLimit) return null;
    expectOutput(output, sealed.length - tagBytes);
    this.#setNonce(counter);
    try {
      return chacha20poly1305(this.#key, this.#nonce, ad).decrypt(sealed, output);
    } catch (error) {
      // Sizes were seen to above, so what remains is a tag that does not fit.
      if (error instanceof Error) return null;
      throw error;
    }
  }

  /** REKEY of section 4.2: the next key is the first 32 bytes of 32 zeros sealed with the reserved nonce. */
  rekey(): void {
    this.#expectLive();
    this.#nonce.fill(0xff, 4);
    const sealed = chacha20poly1305(this.#key, this.#nonce, noBytes).encrypt(new Uint8Array(cipherKeyBytes));
    this.#key.set(sealed.subarray(0, cipherKeyBytes));
    sealed.fill(0);
  }

  /** An independent copy. */
  fork(): TransportKey {
    this.#expectLive();
    return new TransportKey(this.#key);
  }

  /** Zeroes the key. After it nothing opens, and to seal is a mistake. */
  destroy(): void {
    this.#key.fill(0);
    this.#isLive = false;
  }

  #setNonce(counter: number): void {
    this.#nonceView.setUint32(4, counter >>> 0, true);
    this.#nonceView.setUint32(8, Math.floor(counter / 2 ** 32), true);
  }

  #expectLive(): void {
    if (!this.#isLive) throw new TypeError('Expected a live key for the cipher but received a destroyed one');
  }
}

/** Whether a message may have this counter. */
export function isCounter(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < counterLimit;
}

function expectOutput(output: Uint8Array | undefined, sizeBytes: number): void {
  if (output !== undefined && output.length !== sizeBytes) {
    throw new RangeError(`Expected ${sizeBytes} bytes for the output but received ${output.length}`);
  }
}
