/**
 * CipherState of the Noise Protocol Framework, revision 34, section 5.1: a key, or none yet, and the number of the next
 * message. For messages that arrive in order and all; datagrams take the key over by `takeTransportKey`.
 */
import type { Result } from '../../storage/index.ts';
import { counterLimit, isCounter, messageBytesLimit, tagBytes } from './transport-key.ts';
import type { TransportKey } from './transport-key.ts';

/** Why a sealed message was refused. The state is as it was before. */
export interface CipherError {
  readonly kind:
    /** Shorter than a tag. */
    | 'truncated'
    /** Longer than 65,535 bytes. */
    | 'too-long'
    /** The tag does not fit: another key, another number, other associated data, or changed bytes. */
    | 'decrypt'
    /** All numbers are used: the key must be replaced. */
    | 'exhausted'
    | 'destroyed';
}

export class CipherState {
  #key: TransportKey | null;
  #nonce: number;
  #isLive = true;

  /**
   * Takes over `key` and destroys it with itself. Null: messages pass in clear until a handshake has mixed in a key.
   */
  constructor(key: TransportKey | null, nonce = 0) {
    this.#key = key;
    this.#nonce = nonce;
  }

  get hasKey(): boolean {
    return this.#key !== null;
  }

  /** Number of the next message, 0 to 2^53 - 1; at that one no message is left. */
  get nonce(): number {
    return this.#nonce;
  }

  /** SetNonce. Setting it back on a state that seals breaks the cipher. Throws RangeError out of range. */
  setNonce(nonce: number): void {
    if (!isCounter(nonce)) {
      throw new RangeError(`Expected a whole number from 0 and below 2^53 - 1 for the nonce but received ${nonce}`);
    }
    this.#nonce = nonce;
  }

  /**
   * EncryptWithAd: the sealed message, or a copy of `plain` while there is no key. Throws RangeError when numbers have
   * run out or the message would be longer than 65,535 bytes, TypeError once destroyed.
   */
  encryptWithAd(ad: Uint8Array, plain: Uint8Array): Uint8Array {
    this.#expectLive();
    if (this.#key === null) return new Uint8Array(plain);
    const sealed = this.#key.seal(this.#nonce, ad, plain);
    this.#nonce += 1;
    return sealed;
  }

  /** DecryptWithAd: the plain text, or a copy of `sealed` while there is no key. The number moves only on success. */
  decryptWithAd(ad: Uint8Array, sealed: Uint8Array): Result<Uint8Array, CipherError> {
    if (!this.#isLive) return refuse('destroyed');
    if (sealed.length > messageBytesLimit) return refuse('too-long');
    if (this.#key === null) return { ok: true, value: new Uint8Array(sealed) };
    if (this.#nonce >= counterLimit) return refuse('exhausted');
    if (sealed.length < tagBytes) return refuse('truncated');
    const plain = this.#key.open(this.#nonce, ad, sealed);
    if (plain === null) return refuse('decrypt');
    this.#nonce += 1;
    return { ok: true, value: plain };
  }

  /**
   * Rekey of section 11.3: both sides do it at the same message. The number goes on. Throws TypeError without a key.
   */
  rekey(): void {
    this.#expectKey().rekey();
  }

  /**
   * The key, for messages that carry their own numbers; this state is destroyed by it. Throws TypeError where a message
   * went through already: its number would be used twice.
   */
  takeTransportKey(): TransportKey {
    const key = this.#expectKey();
    if (this.#nonce !== 0) {
      throw new TypeError(`Expected no message before the key is taken but received ${this.#nonce}`);
    }
    this.#key = null;
    this.#isLive = false;
    return key;
  }

  /** An independent copy. */
  fork(): CipherState {
    this.#expectLive();
    return new CipherState(this.#key?.fork() ?? null, this.#nonce);
  }

  /** Zeroes the key. After it everything is refused. */
  destroy(): void {
    this.#key?.destroy();
    this.#key = null;
    this.#isLive = false;
  }

  #expectLive(): void {
    if (!this.#isLive) throw new TypeError('Expected a live cipher state but received a destroyed one');
  }

  #expectKey(): TransportKey {
    this.#expectLive();
    if (this.#key === null) throw new TypeError('Expected a cipher state with a key but received one without');
    return this.#key;
  }
}

function refuse(kind: CipherError['kind']): Result<Uint8Array, CipherError> {
  return { ok: false, error: { kind } };
}
