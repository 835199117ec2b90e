/**
 * Writes or reads one message of a handshake, token by token: Noise Protocol Framework, revision 34, section 5.3. It
 * works on copies, so that a message that is refused at its end leaves nothing behind; `HandshakeState` takes the
 * outcome over or has it discarded.
 */
import type { Result } from '../../storage/index.ts';
import type { CipherError } from './cipher-state.ts';
import { computeDh, dhBytes, eraseKeyPair, generateKeyPair, toPublicKey } from './dh.ts';
import type { KeyPair, LowOrderError, PublicKey, Random } from './dh.ts';
import { joinBytes } from './hash.ts';
import type { SymmetricState } from './symmetric-state.ts';
import { isPskToken, keysOf, pskIndexOf } from './token.ts';
import type { DhToken, PskToken, Token } from './token.ts';
import { tagBytes } from './transport-key.ts';

/** Why a message was refused. */
export interface HandshakeError {
  readonly kind:
    | CipherError['kind']
    | LowOrderError['kind']
    /** No message is to be read: it is this side's turn, or the handshake is finished. */
    | 'out-of-turn'
    /** `acceptStatic` said no. */
    | 'refused';
}

/** What stays the same in a handshake. */
export interface Party {
  readonly role: 'initiator' | 'responder';
  readonly localStatic: KeyPair | null;
  readonly usesPsk: boolean;
  /** By the number of the modifier; 32 bytes each. */
  readonly psks: ReadonlyMap<number, Uint8Array>;
  readonly random: Random;
  readonly acceptStatic: (remoteStatic: PublicKey) => boolean;
}

/** What a handshake comes to hold, message by message. */
export interface Holdings {
  readonly symmetric: SymmetricState;
  readonly localEphemeral: KeyPair | null;
  readonly remoteStatic: PublicKey | null;
  readonly remoteEphemeral: PublicKey | null;
}

export class HandshakeMessage {
  readonly #party: Party;
  readonly #before: Holdings;
  readonly #symmetric: SymmetricState;
  #localEphemeral: KeyPair | null;
  #remoteStatic: PublicKey | null;
  #remoteEphemeral: PublicKey | null;

  constructor(party: Party, before: Holdings) {
    this.#party = party;
    this.#before = before;
    this.#symmetric = before.symmetric.fork();
    this.#localEphemeral = before.localEphemeral;
    this.#remoteStatic = before.remoteStatic;
    this.#remoteEphemeral = before.remoteEphemeral;
  }

  /** The message; refused only where the other side's key is of low order. */
  write(tokens: readonly Token[], payload: Uint8Array): Result<Uint8Array, HandshakeError> {
    const parts: Uint8Array[] = [];
    for (const token of tokens) {
      if (token === 'e') {
        this.#localEphemeral = generateKeyPair(this.#party.random);
        parts.push(this.#localEphemeral.publicKey);
        this.#mixEphemeral(this.#localEphemeral.publicKey);
      } else if (token === 's') {
        parts.push(this.#symmetric.encryptAndHash(present(this.#party.localStatic).publicKey));
      } else {
        const error = this.#mix(token);
        if (error !== null) return { ok: false, error };
      }
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
    return { ok: true, value: joinBytes(...parts) };
  }

  /** The payload. `message` is at least as long as the pattern's overhead. */
  read(tokens: readonly Token[], message: Uint8Array): Result<Uint8Array, HandshakeError> {
    let at = 0;
    for (const token of tokens) {
      if (token === 'e') {
        this.#remoteEphemeral = toPublicKey(message.subarray(at, at + dhBytes));
        at += dhBytes;
        this.#mixEphemeral(this.#remoteEphemeral);
      } else if (token === 's') {
        const sizeBytes = this.#symmetric.hasKey ? dhBytes + tagBytes : dhBytes;
        const remoteStatic = this.#symmetric.decryptAndHash(message.subarray(at, at + sizeBytes));
        if (!remoteStatic.ok) return remoteStatic;
        at += sizeBytes;
        this.#remoteStatic = toPublicKey(remoteStatic.value);
        if (!this.#party.acceptStatic(toPublicKey(remoteStatic.value)))
          return { ok: false, error: { kind: 'refused' } };
      } else {
        const error = this.#mix(token);
        if (error !== null) return { ok: false, error };
      }
    }
    return this.#symmetric.decryptAndHash(message.subarray(at));
  }

  /** What is held after the message. What it replaces is erased, so `before` must not be used again. */
  keep(): Holdings {
    this.#before.symmetric.destroy();
    return {
      symmetric: this.#symmetric,
      localEphemeral: this.#localEphemeral,
      remoteStatic: this.#remoteStatic,
      remoteEphemeral: this.#remoteEphemeral,
    };
  }

  /** Erases what the message brought; what was held before stays as it was. */
  discard(): void {
    this.#symmetric.destroy();
    const fresh = this.#localEphemeral;
    if (fresh !== null && fresh !== this.#before.localEphemeral) eraseKeyPair(fresh);
  }

  #mixEphemeral(publicKey: PublicKey): void {
    this.#symmetric.mixHash(publicKey);
    // Section 9.2: the psk alone must never make the key, or two handshakes would share it.
    if (this.#party.usesPsk) this.#symmetric.mixKey(publicKey);
  }

  #mix(token: DhToken | PskToken): LowOrderError | null {
    if (isPskToken(token)) {
      this.#symmetric.mixKeyAndHash(present(this.#party.psks.get(pskIndexOf(token)) ?? null));
      return null;
    }
    const { initiator, responder } = keysOf(token);
    const isInitiator = this.#party.role === 'initiator';
    const local = (isInitiator ? initiator : responder) === 'e' ? this.#localEphemeral : this.#party.localStatic;
    const remote = (isInitiator ? responder : initiator) === 'e' ? this.#remoteEphemeral : this.#remoteStatic;
    const shared = computeDh(present(local).secretKey, present(remote));
    if (!shared.ok) return shared.error;
    this.#symmetric.mixKey(shared.value);
    shared.value.fill(0);
    return null;
  }
}

/** The rules of patterns and the checks of `HandshakeState` see to it that every key is there when its turn comes. */
function present<T>(key: T | null): T {
  if (key === null) throw new TypeError('Expected the key that the pattern needs but received none');
  return key;
}
