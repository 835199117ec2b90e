/**
 * SymmetricState of the Noise Protocol Framework, revision 34, section 5.2: the chaining key that every DH output and
 * psk goes into, and the hash of everything that both sides saw. What it replaces is zeroed.
 */
import type { Result } from '../../storage/index.ts';
import { CipherState } from './cipher-state.ts';
import type { CipherError } from './cipher-state.ts';
import { deriveThree, deriveTwo, joinBytes } from './hash.ts';
import type { NoiseHash } from './hash.ts';
import { TransportKey, cipherKeyBytes } from './transport-key.ts';

export class SymmetricState {
  readonly #hash: NoiseHash;
  #cipher: CipherState;
  #chainingKey: Uint8Array;
  #handshakeHash: Uint8Array;

  private constructor(hash: NoiseHash, cipher: CipherState, chainingKey: Uint8Array, handshakeHash: Uint8Array) {
    this.#hash = hash;
    this.#cipher = cipher;
    this.#chainingKey = chainingKey;
    this.#handshakeHash = handshakeHash;
  }

  /**
   * InitializeSymmetric: the name itself, padded by zeros, where it fits into a hash, and its hash where it does not.
   */
  static initialize(protocolName: string, hash: NoiseHash): SymmetricState {
    const name = new TextEncoder().encode(protocolName);
    const handshakeHash = name.length > hash.hashBytes ? hash.hash(name) : new Uint8Array(hash.hashBytes);
    if (name.length <= hash.hashBytes) handshakeHash.set(name);
    return new SymmetricState(hash, new CipherState(null), new Uint8Array(handshakeHash), handshakeHash);
  }

  /** Whether what `encryptAndHash` makes is sealed: there was a DH or a psk. */
  get hasKey(): boolean {
    return this.#cipher.hasKey;
  }

  /** A copy of `h`: `hashBytes` bytes. */
  get handshakeHash(): Uint8Array {
    return new Uint8Array(this.#handshakeHash);
  }

  mixHash(data: Uint8Array): void {
    this.#handshakeHash = this.#hash.hash(joinBytes(this.#handshakeHash, data));
  }

  mixKey(material: Uint8Array): void {
    const [chainingKey, key] = deriveTwo(this.#hash, this.#chainingKey, material);
    this.#setKeys(chainingKey, key);
  }

  /** For psks (section 9.2). */
  mixKeyAndHash(material: Uint8Array): void {
    const [chainingKey, forHash, key] = deriveThree(this.#hash, this.#chainingKey, material);
    this.mixHash(forHash);
    forHash.fill(0);
    this.#setKeys(chainingKey, key);
  }

  /** Seals with the hash so far as associated data, where there is a key; what is sent goes into the hash. */
  encryptAndHash(plain: Uint8Array): Uint8Array {
    const sealed = this.#cipher.encryptWithAd(this.#handshakeHash, plain);
    this.mixHash(sealed);
    return sealed;
  }

  /** The hash is as before where this is refused. */
  decryptAndHash(sealed: Uint8Array): Result<Uint8Array, CipherError> {
    const plain = this.#cipher.decryptWithAd(this.#handshakeHash, sealed);
    if (plain.ok) this.mixHash(sealed);
    return plain;
  }

  /**
   * Split: keys of the initiator's messages and of the responder's. The chaining key and the cipher are erased; the
   * hash stays.
   */
  split(): readonly [CipherState, CipherState] {
    const [first, second] = deriveTwo(this.#hash, this.#chainingKey, new Uint8Array());
    const states = [this.#makeCipher(first), this.#makeCipher(second)] as const;
    this.#eraseKeys();
    return states;
  }

  /** An independent copy: a message is worked on in a copy, which is kept only if the whole message was good. */
  fork(): SymmetricState {
    const { handshakeHash } = this;
    return new SymmetricState(this.#hash, this.#cipher.fork(), new Uint8Array(this.#chainingKey), handshakeHash);
  }

  /** Zeroes everything. Not to be used after it. */
  destroy(): void {
    this.#eraseKeys();
    this.#handshakeHash.fill(0);
  }

  #setKeys(chainingKey: Uint8Array, key: Uint8Array): void {
    this.#eraseKeys();
    this.#chainingKey = chainingKey;
    this.#cipher = this.#makeCipher(key);
  }

  #eraseKeys(): void {
    this.#chainingKey.fill(0);
    this.#cipher.destroy();
  }

  /** Takes the first 32 bytes of a hash's output and zeroes it. */
  #makeCipher(output: Uint8Array): CipherState {
    const key = new TransportKey(output.subarray(0, cipherKeyBytes));
    output.fill(0);
    return new CipherState(key);
  }
}
