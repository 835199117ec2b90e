/**
 * One session: a key for each direction, the next counter and the window of those seen, and the times at which it is
 * proven, renewed and dead. Source: spec/PROTOCOL.md, *Timers* and *Data (5)*.
 */
import type { Result } from '../../storage/index.ts';
import type { TransportKey } from '../noise/index.ts';
import type { PairKeys } from '../pair/pair-keys.ts';
import { ReplayWindow } from '../replay-window/replay-window.ts';
import type { Endpoint } from '../world.ts';
import { dataCounterOf, openData, sealData } from './data-packet.ts';
import {
  counterLimit,
  proofDelaysMs,
  renewAfterMs,
  renewAfterPackets,
  renewAnywayAfterMs,
  sessionLifeMs,
  unansweredAfterMs,
} from './protocol.ts';

export interface SessionOptions {
  /** Names the session in packets that come, and in those that go. */
  readonly localIndex: number;
  readonly remoteIndex: number;
  /** Whether this side began the handshake. */
  readonly isInitiator: boolean;
  /** Both are the session's from here on: it destroys them. */
  readonly sendKey: TransportKey;
  readonly receiveKey: TransportKey;
  /** Boot id of the peer, 8 bytes. */
  readonly bootId: Uint8Array;
  /** The pair secret of the handshake. */
  readonly pair: PairKeys;
  /** Where the handshake's packet came from. */
  readonly endpoint: Endpoint;
  /** Of the clock that never goes back, as all times here. */
  readonly madeMs: number;
  /** Of this side's first packet. Default 0. */
  readonly counter?: number;
}

/** Why a data packet was dropped. */
export interface SessionError {
  readonly kind: 'counter' | 'replayed' | 'forged';
}

export class Session {
  readonly localIndex: number;
  readonly isInitiator: boolean;
  readonly bootId: Uint8Array;
  readonly pair: PairKeys;
  readonly endpoint: Endpoint;
  readonly madeMs: number;
  readonly #remoteIndex: number;
  readonly #sendKey: TransportKey;
  readonly #receiveKey: TransportKey;
  readonly #window = new ReplayWindow();
  #counter: number;
  /** Proofs sent, and when the next is due. */
  #proofs = 0;
  #proofDueMs: number;

  constructor(options: SessionOptions) {
    this.localIndex = options.localIndex;
    this.isInitiator = options.isInitiator;
    this.bootId = options.bootId;
    this.pair = options.pair;
    this.endpoint = options.endpoint;
    this.madeMs = options.madeMs;
    this.#remoteIndex = options.remoteIndex;
    this.#sendKey = options.sendKey;
    this.#receiveKey = options.receiveKey;
    this.#counter = options.counter ?? 0;
    this.#proofDueMs = options.madeMs;
  }

  /** The greatest counter that came, or -1: then the peer has not proven yet that it holds the keys. */
  get greatestCounter(): number {
    return this.#window.greatest;
  }

  get deadMs(): number {
    return this.madeMs + sessionLifeMs;
  }

  /** Also where no counter is left to send with. */
  isDead(nowMs: number): boolean {
    return nowMs >= this.deadMs || this.#counter >= counterLimit;
  }

  /** When this side should have begun the next session. */
  get renewMs(): number {
    if (this.#counter >= renewAfterPackets) return this.madeMs;
    if (!this.isInitiator) return this.madeMs + renewAnywayAfterMs;
    return this.madeMs + (this.greatestCounter < 0 ? unansweredAfterMs : renewAfterMs);
  }

  /** When the initiator should send an empty packet, that the peer learns that its answer came; null: not any more, or never. */
  get proofMs(): number | null {
    const isOver = !this.isInitiator || this.greatestCounter >= 0 || this.#proofs > proofDelaysMs.length;
    return isOver ? null : this.#proofDueMs;
  }

  /** The empty packet, sent at `nowMs`. */
  makeProof(nowMs: number): Uint8Array {
    this.#proofDueMs = nowMs + (proofDelaysMs[this.#proofs] ?? 0);
    this.#proofs += 1;
    return this.seal(new Uint8Array());
  }

  /** A data packet with `plain` (0 to 1,171 bytes, else RangeError). Throws TypeError on a dead session. */
  seal(plain: Uint8Array): Uint8Array {
    const bytes = sealData(this.#sendKey, this.#remoteIndex, this.#counter, plain);
    this.#counter += 1;
    return bytes;
  }

  /** The padded plain text of a packet that has the length of one. Only a packet that is genuine and new changes anything. */
  open(bytes: Uint8Array): Result<Uint8Array, SessionError> {
    const counter = dataCounterOf(bytes);
    if (counter === null || counter >= counterLimit) return refuse('counter');
    if (!this.#window.isNew(counter)) return refuse('replayed');
    const plain = openData(this.#receiveKey, counter, bytes);
    if (plain === null) return refuse('forged');
    this.#window.mark(counter);
    return { ok: true, value: plain };
  }

  /** Zeroes both keys. After it nothing opens, and to seal is a mistake. */
  destroy(): void {
    this.#sendKey.destroy();
    this.#receiveKey.destroy();
  }
}

function refuse(kind: SessionError['kind']): Result<Uint8Array, SessionError> {
  return { ok: false, error: { kind } };
}
