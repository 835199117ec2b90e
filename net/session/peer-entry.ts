/** What the hub holds of one peer, shared by the parts of the hub. */
import type { PublicKey } from '../noise/index.ts';
import { toPublicKey } from '../noise/index.ts';
import type { PairKeys } from '../pair/pair-keys.ts';
import { toContactKey } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Endpoint } from '../world.ts';
import { peerCookiedBurst, peerCookiedPerSecond, peerFirstsBurst, peerFirstsPerSecond } from './bounds.ts';
import type { Initiation } from './initiation.ts';
import { PeerSessions } from './peer-sessions.ts';
import { pairsLimit } from './protocol.ts';
import type { Session } from './session.ts';

const firstRate = { burst: peerFirstsBurst, count: peerFirstsPerSecond, everyMs: 1_000 } as const;
const cookiedRate = { burst: peerCookiedBurst, count: peerCookiedPerSecond, everyMs: 1_000 } as const;

/** Dialling of one peer: for the caller, or to renew its session. All times are of the clock that never goes back, ms. */
export interface Dial {
  /** Whether the caller asked for it; else it goes on only while a session is to be renewed. */
  isWanted: boolean;
  endpoints: readonly Endpoint[];
  /** First messages made so far. */
  attempts: number;
  /** When the next first message is due; while one waits for its stamp, when to look again. */
  dueMs: number;
  /** Whether a first message waits for its stamp. */
  isStamping: boolean;
}

/** A cookie that the peer asked for. */
export interface HeldCookie {
  /** 16 bytes. */
  readonly bytes: Uint8Array;
  readonly untilMs: number;
}

export class PeerEntry {
  readonly id: PeerId;
  readonly contactKey: PublicKey;
  readonly sessions: PeerSessions;
  /** Tells the peer in each handshake in which run of this side's delivery it is. */
  hello: Uint8Array;
  /** Bounds the first messages that are looked at, and those with a cookie that are answered under load. */
  readonly firsts = new TokenBucket(firstRate);
  readonly cookied = new TokenBucket(cookiedRate);
  /** This side's own handshake, while its answer may come. */
  initiation: Initiation | null = null;
  dial: Dial | null = null;
  /** When the last first message was sent, or null. */
  dialledMs: number | null = null;
  cookie: HeldCookie | null = null;
  /** Whether one first message of the peer was ignored for this side's own. */
  hasIgnoredOne = false;
  /** The greatest stamp that was seen to be genuine in this run, or -1. What is on the disk may be greater. */
  greatestStamp = -1;
  /** Where what is sent goes: the source of the latest genuine packet. */
  endpoint: Endpoint | null = null;
  lastReceivedMs: number | null = null;
  #pairs: readonly PairKeys[] = [];

  constructor(
    id: PeerId,
    pairs: readonly PairKeys[],
    hello: Uint8Array,
    onEnd: (peer: PeerEntry, session: Session) => void,
  ) {
    this.id = id;
    this.hello = hello;
    this.contactKey = toPublicKey(toContactKey(id));
    this.sessions = new PeerSessions((session) => onEnd(this, session));
    this.pairs = pairs;
  }

  /** One or two, the one to dial with first. They stay the caller's: they are neither copied nor erased. */
  get pairs(): readonly PairKeys[] {
    return this.#pairs;
  }

  /** Keeps the object of a pair that was there already. Throws RangeError unless there are one or two. */
  set pairs(pairs: readonly PairKeys[]) {
    if (pairs.length === 0 || pairs.length > pairsLimit) {
      throw new RangeError(`Expected 1 or ${pairsLimit} pair secrets for a peer but received ${pairs.length}`);
    }
    this.#pairs = pairs.map((pair) => this.#pairs.find((known) => isSamePair(known, pair)) ?? pair);
  }
}

function isSamePair(a: PairKeys, b: PairKeys): boolean {
  return Buffer.compare(a.psk, b.psk) === 0;
}
