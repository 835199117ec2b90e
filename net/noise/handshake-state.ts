/**
 * HandshakeState of the Noise Protocol Framework, revision 34, section 5.3: both sides of a handshake by any pattern of
 * `pattern.ts`, without socket or clock.
 *
 * A message that is refused leaves the state as it was: a forged answer on the LAN must not end a handshake for which
 * the true one is still under way. A message that was read cannot be read again. Once destroyed, a state refuses
 * everything.
 */
import type { Result } from '../../storage/index.ts';
import type { CipherState } from './cipher-state.ts';
import { eraseKeyPair, toPublicKey } from './dh.ts';
import type { KeyPair, PublicKey, Random } from './dh.ts';
import { HandshakeMessage } from './handshake-message.ts';
import type { HandshakeError, Holdings, Party } from './handshake-message.ts';
import { sha512 } from './hash.ts';
import type { NoiseHash } from './hash.ts';
import type { Pattern } from './pattern.ts';
import { parseProtocolName } from './protocol-name.ts';
import { SymmetricState } from './symmetric-state.ts';
import { isPskToken, pskIndexOf } from './token.ts';
import type { Token } from './token.ts';
import { messageBytesLimit } from './transport-key.ts';

/** Bytes of a psk (section 9.1). */
export const pskBytes = 32;

export interface HandshakeOptions {
  /** `Noise_IKpsk2_25519_ChaChaPoly_SHA512`. */
  readonly protocol: string;
  readonly role: 'initiator' | 'responder';
  /** Source of the ephemeral key. */
  readonly random: Random;
  /** What both sides must agree on beforehand; it is not sent. Default empty. */
  readonly prologue?: Uint8Array | undefined;
  /** Needed where the pattern uses this side's static key. It stays the caller's: it is neither copied nor erased. */
  readonly localStatic?: KeyPair | undefined;
  /** The other side's static key, where the pattern says that it is known beforehand, and only there. */
  readonly remoteStatic?: PublicKey | undefined;
  /** By the number of the modifier: `{ 2: psk }` for `psk2`; 32 bytes each, copied. May come later, by `setPsk`. */
  readonly psks?: Readonly<Record<number, Uint8Array>> | undefined;
  /** Default SHA-512. Its name must be the one in the protocol's name. */
  readonly hash?: NoiseHash | undefined;
  /**
   * Asked as soon as the other side's static key could be read, before the DHs that follow cost their time; false ends
   * the reading with `refused`. At this point whoever sent the message has not proved to hold the key: decide, but
   * change nothing.
   */
  readonly acceptStatic?: ((remoteStatic: PublicKey) => boolean) | undefined;
}

/** Keys of the messages after the handshake. */
export interface SplitStates {
  readonly send: CipherState;
  readonly receive: CipherState;
}

export class HandshakeState {
  readonly #pattern: Pattern;
  readonly #party: Party;
  readonly #psks = new Map<number, Uint8Array>();
  #holdings: Holdings;
  /** Index of the message that is to be written or read next. */
  #next = 0;
  #isSplit = false;
  #isDestroyed = false;

  /** Throws TypeError or RangeError on a name, a key or a psk that does not fit the pattern. */
  constructor(options: HandshakeOptions) {
    const { role, random, hash = sha512, localStatic = null, remoteStatic = null } = options;
    const protocol = parseProtocolName(options.protocol);
    if (!protocol.ok) throw new TypeError(protocol.error.message);
    if (hash.name !== protocol.value.hash) {
      throw new TypeError(`Expected ${protocol.value.hash} for the hash but received ${hash.name}`);
    }
    this.#pattern = protocol.value.pattern;
    expectKeys(this.#pattern, options);
    const usesPsk = this.#pattern.pskIndexes.length > 0;
    const acceptStatic = options.acceptStatic ?? (() => true);
    this.#party = { role, localStatic, usesPsk, psks: this.#psks, random, acceptStatic };
    for (const [index, psk] of Object.entries(options.psks ?? {})) this.setPsk(Number(index), psk);
    const symmetric = SymmetricState.initialize(protocol.value.name, hash);
    symmetric.mixHash(options.prologue ?? new Uint8Array());
    const local = localStatic?.publicKey ?? null;
    const [initiator, responder] = role === 'initiator' ? [local, remoteStatic] : [remoteStatic, local];
    if (this.#pattern.isInitiatorKnown && initiator !== null) symmetric.mixHash(initiator);
    if (this.#pattern.isResponderKnown && responder !== null) symmetric.mixHash(responder);
    this.#holdings = { symmetric, localEphemeral: null, remoteStatic, remoteEphemeral: null };
  }

  /** Whether all messages went through. */
  get isFinished(): boolean {
    return this.#next === this.#pattern.messages.length;
  }

  /** Whether the next message is to be written here. False at the end. */
  get isMyTurn(): boolean {
    return !this.isFinished && (this.#next % 2 === 0) === (this.#party.role === 'initiator');
  }

  /**
   * A copy of the other side's static key, or null while it is not known. What it is worth depends on the message
   * (section 7.7): in IK and X the first message proves that its sender holds the key, unless the reader's own was
   * stolen; it does not prove that the message is fresh.
   */
  get remoteStatic(): PublicKey | null {
    const { remoteStatic } = this.#holdings;
    return remoteStatic === null ? null : toPublicKey(remoteStatic);
  }

  /** Bytes of the next message beside its payload, 0 at the end. */
  get overheadBytes(): number {
    return this.#pattern.overheadBytes[this.#next] ?? 0;
  }

  /**
   * `h` at the end of the handshake, for channel binding (section 11.2). Throws TypeError before. Stays after `split`.
   */
  get handshakeHash(): Uint8Array {
    this.#expectLive();
    if (!this.isFinished) throw new TypeError('Expected a finished handshake for its hash but received one under way');
    return this.#holdings.symmetric.handshakeHash;
  }

  /**
   * Sets or replaces a psk until the message that uses it: a responder of IKpsk2 learns from message 1 who asks, and
   * chooses then. Throws RangeError unless it has 32 bytes, TypeError where the pattern has no such psk, or past its
   * message.
   */
  setPsk(index: number, psk: Uint8Array): void {
    this.#expectLive();
    if (psk.length !== pskBytes) {
      throw new RangeError(`Expected ${pskBytes} bytes for the psk but received ${psk.length}`);
    }
    const usedAt = this.#pattern.messages.findIndex((tokens) => tokens.includes(`psk${index}`));
    if (usedAt === -1) throw new TypeError(`Expected a psk that ${this.#pattern.name} uses but received psk${index}`);
    if (usedAt < this.#next) throw new TypeError(`Expected psk${index} before its message but received it after`);
    this.#psks.get(index)?.fill(0);
    this.#psks.set(index, new Uint8Array(psk));
  }

  /**
   * The next message. Refused (`low-order`) only where the other side's key is of low order; the state is then as
   * before. Throws TypeError out of turn, without a psk that it needs, or once destroyed; RangeError where the message
   * would be longer than 65,535 bytes.
   */
  writeMessage(payload: Uint8Array = new Uint8Array()): Result<Uint8Array, HandshakeError> {
    this.#expectLive();
    const tokens = this.#pattern.messages[this.#next];
    if (tokens === undefined || !this.isMyTurn) {
      throw new TypeError(`Expected this side's turn to write but received the other's, at message ${this.#next + 1}`);
    }
    const limit = messageBytesLimit - this.overheadBytes;
    if (payload.length > limit) {
      throw new RangeError(`Expected at most ${limit} bytes for the payload but received ${payload.length}`);
    }
    this.#expectPsks(tokens);
    return this.#pass((message) => message.write(tokens, payload));
  }

  /**
   * The payload of the next message, or why it was refused. Never throws on what came from the network, and makes no DH
   * for a message that is too short or too long. Throws TypeError where a psk that the message needs was not set.
   */
  readMessage(message: Uint8Array): Result<Uint8Array, HandshakeError> {
    if (this.#isDestroyed) return refuse('destroyed');
    const tokens = this.#pattern.messages[this.#next];
    if (tokens === undefined || this.isMyTurn) return refuse('out-of-turn');
    if (message.length > messageBytesLimit) return refuse('too-long');
    if (message.length < this.overheadBytes) return refuse('truncated');
    this.#expectPsks(tokens);
    return this.#pass((step) => step.read(tokens, message));
  }

  /**
   * Split: the keys of what follows; once, after the last message. Erases everything but the hash and the other side's
   * key. After a one-way pattern only the initiator sends: the state of the other direction is destroyed already.
   */
  split(): SplitStates {
    this.#expectLive();
    if (!this.isFinished || this.#isSplit) {
      throw new TypeError('Expected a finished handshake that was not split yet');
    }
    this.#isSplit = true;
    const [fromInitiator, fromResponder] = this.#holdings.symmetric.split();
    if (this.#pattern.isOneWay) fromResponder.destroy();
    this.#eraseKeys();
    return this.#party.role === 'initiator'
      ? { send: fromInitiator, receive: fromResponder }
      : { send: fromResponder, receive: fromInitiator };
  }

  /** Zeroes the chaining key, the hash, the ephemeral secret and the psks; not the caller's static key. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#holdings.symmetric.destroy();
    this.#eraseKeys();
  }

  /** One message on a copy of the state, which is taken over if the whole message was good. */
  #pass(work: (message: HandshakeMessage) => Result<Uint8Array, HandshakeError>): Result<Uint8Array, HandshakeError> {
    const message = new HandshakeMessage(this.#party, this.#holdings);
    const outcome = work(message);
    if (outcome.ok) {
      this.#holdings = message.keep();
      this.#next += 1;
    } else {
      message.discard();
    }
    return outcome;
  }

  #eraseKeys(): void {
    const { localEphemeral } = this.#holdings;
    if (localEphemeral !== null) eraseKeyPair(localEphemeral);
    for (const psk of this.#psks.values()) psk.fill(0);
    this.#psks.clear();
  }

  #expectLive(): void {
    if (this.#isDestroyed) throw new TypeError('Expected a live handshake but received a destroyed one');
  }

  #expectPsks(tokens: readonly Token[]): void {
    const missing = tokens.find((token) => isPskToken(token) && !this.#psks.has(pskIndexOf(token)));
    if (missing !== undefined)
      throw new TypeError(`Expected ${missing} to be set before its message but received none`);
  }
}

function expectKeys(pattern: Pattern, options: HandshakeOptions): void {
  const isInitiator = options.role === 'initiator';
  const isLocalKnown = isInitiator ? pattern.isInitiatorKnown : pattern.isResponderKnown;
  const isRemoteKnown = isInitiator ? pattern.isResponderKnown : pattern.isInitiatorKnown;
  const sendsStatic = pattern.messages.some(
    (tokens, index) => (index % 2 === 0) === isInitiator && tokens.includes('s'),
  );
  if ((isLocalKnown || sendsStatic) && options.localStatic === undefined) {
    throw new TypeError(`Expected a static key pair for the ${options.role} of ${pattern.name} but received none`);
  }
  if (isRemoteKnown !== (options.remoteStatic !== undefined)) {
    const [expected, received] = isRemoteKnown ? ['the', 'none'] : ['no', 'one'];
    throw new TypeError(
      `Expected ${expected} other side's static key for the ${options.role} of ${pattern.name} but received ${received}`,
    );
  }
}

function refuse(kind: HandshakeError['kind']): Result<Uint8Array, HandshakeError> {
  return { ok: false, error: { kind } };
}
