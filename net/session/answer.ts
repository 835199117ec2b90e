/**
 * The answer to a first message: `Noise_IKpsk2_25519_ChaChaPoly_SHA512` as the responder, from message 1 to the session in one
 * step. Source: spec/PROTOCOL.md, *Handshake*.
 */
import type { Result } from '../../storage/index.ts';
import { HandshakeState } from '../noise/index.ts';
import type { KeyPair, PublicKey } from '../noise/index.ts';
import type { PairKeys } from '../pair/pair-keys.ts';
import type { Endpoint, RandomBytes } from '../world.ts';
import type { FirstPacket } from './first-packet.ts';
import { parseHello } from './hello.ts';
import { handshakeProtocol, handshakePrologue, outerNonceBytes, pskIndex } from './protocol.ts';
import { makeSecond } from './second-packet.ts';
import { Session } from './session.ts';

export interface AnswerOptions {
  readonly identity: KeyPair;
  readonly random: RandomBytes;
  /** 16 to 512 bytes. */
  readonly hello: Uint8Array;
  /** Contact key of the peer that the seal was of: message 1 must be by no other. */
  readonly remoteStatic: PublicKey;
  readonly pair: PairKeys;
  /** Names the session in packets that come. */
  readonly localIndex: number;
  readonly from: Endpoint;
  /** Of the clock that never goes back. */
  readonly nowMs: number;
}

/** A session that is not proven yet, and the second packet that tells the peer of it. */
export interface Answer {
  readonly session: Session;
  readonly bytes: Uint8Array;
}

/** Why a sealed first message was not answered. */
export interface AnswerError {
  readonly kind: 'refused' | 'wrong-hello';
}

/** Five curve operations, where message 1 is good. */
export function answerFirst(first: FirstPacket, options: AnswerOptions): Result<Answer, AnswerError> {
  const { identity, random, remoteStatic, pair, localIndex, from, nowMs } = options;
  const handshake = new HandshakeState({
    protocol: handshakeProtocol,
    role: 'responder',
    random,
    prologue: new TextEncoder().encode(handshakePrologue),
    localStatic: identity,
    psks: { [pskIndex]: pair.psk },
    acceptStatic: (key) => Buffer.compare(key, remoteStatic) === 0,
  });
  try {
    const hello = handshake.readMessage(first.noise);
    if (!hello.ok) return refuse('refused');
    const bootId = parseHello(hello.value);
    if (bootId === null) return refuse('wrong-hello');
    const noise = handshake.writeMessage(options.hello);
    if (!noise.ok) return refuse('refused');
    const { send, receive } = handshake.split();
    const bytes = makeSecond({
      senderIndex: localIndex,
      receiverIndex: first.senderIndex,
      nonce: random(outerNonceBytes),
      outer: pair.outerOut,
      noise: noise.value,
    });
    const keys = { sendKey: send.takeTransportKey(), receiveKey: receive.takeTransportKey() };
    const made = { isInitiator: false, madeMs: nowMs, endpoint: from, bootId, pair };
    return {
      ok: true,
      value: { bytes, session: new Session({ ...made, ...keys, localIndex, remoteIndex: first.senderIndex }) },
    };
  } finally {
    handshake.destroy();
  }
}

function refuse(kind: AnswerError['kind']): Result<Answer, AnswerError> {
  return { ok: false, error: { kind } };
}
