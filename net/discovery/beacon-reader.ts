/**
 * Reads beacons of a whole LAN, friendly or not. A stranger's costs 64 look-ups, and only so many a second, for each
 * address and for all; an HMAC is computed only where a tag is known, and only so often, because a tag is in clear and
 * anybody may repeat it. Source: spec/PROTOCOL.md, *Beacon (6)*.
 */
import { TokenBucket } from '../token-bucket.ts';
import type { Endpoint } from '../world.ts';
import { beaconSalt, findTags, isBeacon, isSlotFrom } from './beacon.ts';
import type { BeaconKey, BeaconMatch, BeaconTags } from './beacon.ts';
import { KeyedBuckets } from './keyed-buckets.ts';

/** A peer sends at most 7 beacons in 10 s, by two ways. */
const ADDRESS_RATE = { burst: 24, count: 4, everyMs: 1_000 } as const;
const ADDRESSES_LIMIT = 512;
/** Some 35 microseconds each: two percent of a core. */
const BEACON_RATE = { burst: 1000, count: 500, everyMs: 1_000 } as const;
/** Some 12 microseconds each. A beacon of a peer costs one. */
const MAC_RATE = { burst: 512, count: 256, everyMs: 1_000 } as const;
/** The same beacon comes by multicast and by broadcast: of the last so many, the second is not looked at. */
const RECENT_LIMIT = 256;

/** Beacons by what became of them; `badMac`: slots, whose tag was known and whose MAC was not right. */
export interface BeaconCounts {
  readonly matched: number;
  readonly foreign: number;
  readonly repeated: number;
  readonly limited: number;
  readonly malformed: number;
  readonly badMac: number;
}

/** What the reader knows of peers; `BeaconPeers` is one. */
export interface BeaconReaderPeers<Owner> extends BeaconTags<Owner> {
  /** Brings the tags to the present epoch; costs nothing while it is the same. */
  move(unixMs: number): void;
  /** `beaconIn` of an owner; null where it is no peer any more. */
  keyIn(owner: Owner): BeaconKey | null;
}

export class BeaconReader<Owner> {
  readonly #peers: BeaconReaderPeers<Owner>;
  readonly #addresses = new KeyedBuckets(ADDRESS_RATE, ADDRESSES_LIMIT);
  readonly #beacons = new TokenBucket(BEACON_RATE);
  readonly #macs = new TokenBucket(MAC_RATE);
  readonly #recent = new Set<string>();
  readonly #counts = { matched: 0, foreign: 0, repeated: 0, limited: 0, malformed: 0, badMac: 0 };

  constructor(peers: BeaconReaderPeers<Owner>) {
    this.#peers = peers;
  }

  get counts(): BeaconCounts {
    return { ...this.#counts };
  }

  /**
   * The peers that say with this datagram of type 6 that they are at `from`; most often none.
   * @param unixMs the present, for the epoch. @param nowMs of the clock that never goes back, for the limits.
   */
  read(bytes: Uint8Array, from: Endpoint, unixMs: number, nowMs: number): readonly BeaconMatch<Owner>[] {
    if (!isBeacon(bytes)) {
      this.#counts.malformed += 1;
      return [];
    }
    if (!this.#addresses.take(from.address, nowMs) || !this.#beacons.take(nowMs)) {
      this.#counts.limited += 1;
      return [];
    }
    const name = `${from.address} ${from.port} ${Buffer.from(beaconSalt(bytes)).toString('latin1')}`;
    if (this.#recent.has(name)) {
      this.#counts.repeated += 1;
      return [];
    }
    this.#peers.move(unixMs);
    const matches = this.#match(bytes, from, nowMs);
    if (matches.length === 0) this.#counts.foreign += 1;
    else this.#remember(name);
    return matches;
  }

  #match(bytes: Uint8Array, from: Endpoint, nowMs: number): readonly BeaconMatch<Owner>[] {
    const matches: BeaconMatch<Owner>[] = [];
    for (const [owner, { epoch, slot }] of findTags(bytes, this.#peers)) {
      const key = this.#peers.keyIn(owner);
      if (key === null || !this.#macs.take(nowMs)) continue;
      if (isSlotFrom(bytes, slot, key, epoch, from)) matches.push({ owner, epoch });
      else this.#counts.badMac += 1;
    }
    if (matches.length > 0) this.#counts.matched += 1;
    return matches;
  }

  /** Only what was proven: else a forged copy that is faster would keep the true one from being read. */
  #remember(name: string): void {
    this.#recent.add(name);
    if (this.#recent.size <= RECENT_LIMIT) return;
    for (const oldest of this.#recent) {
      this.#recent.delete(oldest);
      return;
    }
  }
}
