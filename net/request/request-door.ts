/**
 * The door at which requests of strangers knock: from the cheap check to the dear one, each with a bound, so that whoever
 * floods it with anything costs little, and holders of other tokens still get in. It never answers.
 * Source: spec/PROTOCOL.md, *Request (1)*.
 */
import type { KeyObject } from 'node:crypto';
import type { RequestToken } from '../code/index.ts';
import type { Identity } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { Endpoint, RandomBytes } from '../world.ts';
import { deriveTokenKey, hasRequestShape, isMacRight, macOf, openRequest } from './request-packet.ts';
import type { OpenedRequest, RequestFault } from './request-packet.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { BucketRate } from '../token-bucket.ts';

/** 16 of the codes, and the one of nearby. */
export const DOOR_TOKENS_LIMIT = 17;
/** Openings with one token (PROTOCOL.md). */
const tokenRate: BucketRate = { burst: 8, count: 1, everyMs: 10_000 };
/** Openings with all tokens together: at most 32 at once, some 60 ms, then 1 ms a second. */
const openRate: BucketRate = { burst: 32, count: 1, everyMs: 2_000 };
/** MACs computed, one a token for each packet of a stranger: a flood of random bytes costs 1 % of a processor. */
const macRate: BucketRate = { burst: 4_096, count: 2, everyMs: 1 };
/** MACs of opened requests; at `openRate`, this is half an hour. */
const REPLAY_CACHE_LIMIT = 1_024;

/** What the door takes: the door forgets a token that is not named any more. */
export interface DoorToken {
  readonly token: RequestToken;
  /** Unix ms from which on it is mute; null: never. */
  readonly expiresMs: number | null;
}

/** A request for the contact book. */
export interface KnockedRequest extends OpenedRequest {
  /** The one with which it was made. */
  readonly token: RequestToken;
  readonly from: Endpoint;
}

export type DoorOutcome =
  | 'opened'
  /** Another type or length. */
  | 'malformed'
  | 'replayed'
  /** So many packets that not even MACs are computed. */
  | 'flooded'
  | 'unknown-token'
  | 'expired-token'
  /** This token's bucket is empty. */
  | 'token-busy'
  /** The bucket of all is empty. */
  | 'busy'
  | RequestFault;

export interface RequestDoorOptions {
  readonly identity: Identity;
  readonly random: RandomBytes;
  /** Whether a person's requests are dropped half-way, without a word: see `ContactBook.isMuted`. */
  readonly isMuted: (peer: PeerId) => boolean;
}

interface OpenToken extends DoorToken {
  readonly key: KeyObject;
  readonly bucket: TokenBucket;
}

type Knock = { readonly outcome: 'opened'; readonly request: KnockedRequest } | { readonly outcome: DoorOutcome };

export class RequestDoor {
  readonly #options: RequestDoorOptions;
  readonly #openBucket = new TokenBucket(openRate);
  readonly #macBucket = new TokenBucket(macRate);
  #tokens = new Map<RequestToken, OpenToken>();
  /** In the order of opening. */
  readonly #opened = new Set<string>();
  readonly #counts: Record<DoorOutcome, number> = {
    opened: 0,
    malformed: 0,
    replayed: 0,
    flooded: 0,
    'unknown-token': 0,
    'expired-token': 0,
    'token-busy': 0,
    busy: 0,
    'bad-noise': 0,
    'bad-payload': 0,
    'bad-signature': 0,
    unwanted: 0,
  };

  constructor(options: RequestDoorOptions) {
    this.#options = options;
  }

  /** Datagrams by what became of them, since the program began. All but `opened` were dropped. */
  get counts(): Readonly<Record<DoorOutcome, number>> {
    return { ...this.#counts };
  }

  /** The tokens that open the door from now on. One that stays keeps its bucket. @throws RangeError for more than 17. */
  setTokens(tokens: readonly DoorToken[]): void {
    if (tokens.length > DOOR_TOKENS_LIMIT) {
      throw new RangeError(`Expected at most ${DOOR_TOKENS_LIMIT} tokens for the door but received ${tokens.length}`);
    }
    const former = this.#tokens;
    this.#tokens = new Map();
    for (const { token, expiresMs } of tokens) {
      const known = former.get(token);
      const key = known?.key ?? deriveTokenKey(token, this.#options.identity.contact.publicKey);
      const bucket = known?.bucket ?? new TokenBucket(tokenRate);
      this.#tokens.set(token, { token, expiresMs, key, bucket });
    }
  }

  /**
   * Takes any datagram of type 1; null where it was dropped. Costs nothing to microseconds for what is dropped; some 2 ms
   * for what is opened, at most once for the same bytes.
   */
  receive(bytes: Uint8Array, from: Endpoint, nowMs: number, unixMs: number): KnockedRequest | null {
    const knock = this.#knock(bytes, from, nowMs, unixMs);
    this.#counts[knock.outcome] += 1;
    return 'request' in knock ? knock.request : null;
  }

  #knock(bytes: Uint8Array, from: Endpoint, nowMs: number, unixMs: number): Knock {
    if (!hasRequestShape(bytes)) return { outcome: 'malformed' };
    const mark = Buffer.from(macOf(bytes)).toString('latin1');
    // Before the MAC is computed: a request comes by each interface, and a replay must not take others' permits.
    if (this.#opened.has(mark)) return { outcome: 'replayed' };
    if (!this.#macBucket.take(nowMs, this.#tokens.size)) return { outcome: 'flooded' };
    const token = this.#findToken(bytes);
    if (token === null) return { outcome: 'unknown-token' };
    if (token.expiresMs !== null && unixMs >= token.expiresMs) return { outcome: 'expired-token' };
    if (!token.bucket.has(nowMs)) return { outcome: 'token-busy' };
    if (!this.#openBucket.take(nowMs)) return { outcome: 'busy' };
    token.bucket.take(nowMs);
    this.#remember(mark);
    const { identity, random, isMuted } = this.#options;
    const opened = openRequest(bytes, identity, random, (peer) => !isMuted(peer));
    if (!opened.ok) return { outcome: opened.error };
    return { outcome: 'opened', request: { ...opened.value, token: token.token, from } };
  }

  #findToken(bytes: Uint8Array): OpenToken | null {
    for (const token of this.#tokens.values()) if (isMacRight(token.key, bytes)) return token;
    return null;
  }

  #remember(mark: string): void {
    this.#opened.add(mark);
    for (const oldest of this.#opened) {
      if (this.#opened.size <= REPLAY_CACHE_LIMIT) break;
      this.#opened.delete(oldest);
    }
  }
}
