/**
 * The handshake that this side began, from its first message to the session: `Noise_IKpsk2_25519_ChaChaPoly_SHA512` as the
 * initiator. Source: spec/PROTOCOL.md, *Handshake*.
 */
import type { Result } from '../../storage/index.ts';
import { HandshakeState } from '../noise/index.ts';
import type { KeyPair, PublicKey } from '../noise/index.ts';
import type { PairKeys } from '../pair/pair-keys.ts';
import { tagAt } from '../pair/index.ts';
import type { Endpoint, RandomBytes } from '../world.ts';
import { secondReadsLimit } from './bounds.ts';
import { openCookie } from './cookie-packet.ts';
import type { CookiePacket } from './cookie-packet.ts';
import { makeFirst, parseFirst } from './first-packet.ts';
import { parseHello } from './hello.ts';
import { handshakeProtocol, handshakePrologue, outerNonceBytes, pskIndex } from './protocol.ts';
import { isSealedBy } from './second-packet.ts';
import type { SecondPacket } from './second-packet.ts';
import { Session } from './session.ts';

export interface InitiationOptions {
  readonly identity: KeyPair;
  readonly random: RandomBytes;
  /** 16 to 512 bytes. */
  readonly hello: Uint8Array;
  /** Contact key of the peer. */
  readonly remoteStatic: PublicKey;
  readonly pair: PairKeys;
  /** Names the handshake, and its session, in packets that come. */
  readonly localIndex: number;
  readonly stamp: number;
  readonly unixMs: number;
  /** The cookie that the peer asked for, 16 bytes, or null. */
  readonly cookie: Uint8Array | null;
  /** Of the clock that never goes back. */
  readonly nowMs: number;
}

/** Why a second message made no session. The handshake goes on. */
export interface SecondError {
  readonly kind: 'forged' | 'refused' | 'wrong-hello';
}

export class Initiation {
  readonly localIndex: number;
  readonly pair: PairKeys;
  readonly madeMs: number;
  /** The first packet. */
  readonly bytes: Uint8Array;
  readonly hasCookie: boolean;
  readonly #firstTag: Uint8Array;
  readonly #handshake: HandshakeState;
  #reads = 0;

  private constructor(options: InitiationOptions, handshake: HandshakeState, bytes: Uint8Array, firstTag: Uint8Array) {
    this.localIndex = options.localIndex;
    this.pair = options.pair;
    this.madeMs = options.nowMs;
    this.hasCookie = options.cookie !== null;
    this.bytes = bytes;
    this.#firstTag = firstTag;
    this.#handshake = handshake;
  }

  /** Three curve operations. Null where the peer's contact key is of low order. */
  static begin(options: InitiationOptions): Initiation | null {
    const { identity, random, remoteStatic, pair, localIndex, stamp, cookie } = options;
    const handshake = new HandshakeState({
      protocol: handshakeProtocol,
      role: 'initiator',
      random,
      prologue: new TextEncoder().encode(handshakePrologue),
      localStatic: identity,
      remoteStatic,
      psks: { [pskIndex]: pair.psk },
    });
    const noise = handshake.writeMessage(options.hello);
    if (!noise.ok) {
      handshake.destroy();
      return null;
    }
    const hint = tagAt(pair.hintOut, 'hint', options.unixMs);
    const nonce = random(outerNonceBytes);
    const outer = pair.outerOut;
    const bytes = makeFirst({ senderIndex: localIndex, hint, nonce, outer, stamp, noise: noise.value, cookie });
    const firstTag = parseFirst(bytes)?.tag ?? new Uint8Array();
    return new Initiation(options, handshake, bytes, firstTag);
  }

  /** The session, by two curve operations, or why there is none: then the genuine answer may still come. */
  takeSecond(second: SecondPacket, from: Endpoint, nowMs: number): Result<Session, SecondError> {
    if (!isSealedBy(second, this.pair.outerIn)) return refuse('forged');
    if (this.#reads >= secondReadsLimit) return refuse('refused');
    this.#reads += 1;
    const hello = this.#handshake.readMessage(second.noise);
    if (!hello.ok) return refuse('refused');
    const { send, receive } = this.#handshake.split();
    const [sendKey, receiveKey] = [send.takeTransportKey(), receive.takeTransportKey()];
    this.#handshake.destroy();
    const bootId = parseHello(hello.value);
    if (bootId === null) {
      sendKey.destroy();
      receiveKey.destroy();
      return refuse('wrong-hello');
    }
    const { localIndex, pair } = this;
    const remoteIndex = second.senderIndex;
    const made = { isInitiator: true, madeMs: nowMs, endpoint: from, bootId, pair };
    return { ok: true, value: new Session({ ...made, localIndex, remoteIndex, sendKey, receiveKey }) };
  }

  /** The cookie, 16 bytes, if `packet` answers this handshake's first message. */
  takeCookie(packet: CookiePacket): Uint8Array | null {
    return openCookie(packet, this.pair.outerIn, this.#firstTag);
  }

  /** Zeroes the secrets of the handshake. Nothing can be taken after it. */
  destroy(): void {
    this.#handshake.destroy();
  }
}

function refuse(kind: SecondError['kind']): Result<Session, SecondError> {
  return { ok: false, error: { kind } };
}
