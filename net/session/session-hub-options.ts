/** What a `SessionHub` takes from the world, and what it tells. */
import type { PeerId } from '../peer-id.ts';
import type { Clock, Endpoint, RandomBytes } from '../world.ts';

/** Knows the peer behind a hint, for the sender's epochs within 12 hours of `unixMs`. */
export interface HintTable {
  /** @param hint 8 bytes. */
  lookup(hint: Uint8Array, unixMs: number): PeerId | null;
}

/** A session with a peer is there where none was, or was with another run of its program. */
export interface SessionUp {
  /** 8 bytes. One that differs from the last of this peer tells that its delivery state is gone. */
  readonly bootId: Uint8Array;
  /** Index of the pair secret of the handshake, in the list that `setPeer` was given last. */
  readonly secret: number;
  readonly endpoint: Endpoint;
  /** Whether this side began the handshake. */
  readonly initiator: boolean;
}

/**
 * Why a peer is down: its session died of age, was ended by `endSession`, its pair secret is not given any more, or it was
 * removed.
 */
export type DownReason = 'expired' | 'ended' | 'secret-changed' | 'removed';

/** The callbacks may call the hub. */
export interface SessionHubOptions {
  /** The contact key of this device, 32 bytes each; the secret one is copied. */
  readonly identity: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  /** 8 random bytes of this run of the program. */
  readonly bootId: Uint8Array;
  readonly random: RandomBytes;
  readonly clock: Clock;
  readonly hints: HintTable;
  /** Sends one datagram, which may be lost; must not throw. `bytes` may be kept. */
  readonly send: (bytes: Uint8Array, to: Endpoint) => void;
  /**
   * Takes a peer's stamp, which is durable before this resolves; false where it is not greater than the last. Where it rejects,
   * the first message that bore it is dropped.
   */
  readonly takeStamp: (peer: PeerId, stamp: number) => Promise<boolean>;
  /** The stamp of the next first message to `peer`: greater than all before, durable, 0 to 2^53 - 1. */
  readonly stampToSend: (peer: PeerId) => Promise<number>;
  /** A plain text of a peer that is up, with its padding, never empty; each once, in the order of arrival. */
  readonly onPlain: (peer: PeerId, plain: Uint8Array, from: Endpoint) => void;
  readonly onUp: (peer: PeerId, up: SessionUp) => void;
  readonly onDown: (peer: PeerId, reason: DownReason) => void;
  /** The peer is at another address; what is sent goes there from now on. */
  readonly onRoam: (peer: PeerId, endpoint: Endpoint) => void;
}
