/**
 * Where and when contacts were heard last. It changes with every packet, so it is kept in memory at once and on disk now
 * and then: what a power cut takes is found again by beacons.
 */
import type { Result, UnixMs } from '../../storage/index.ts';
import type { StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint } from '../world.ts';
import { ENDPOINTS_LIMIT, encodeRecord } from './book-record.ts';
import type { BookRecord, Seen } from './book-record.ts';
import { notKept } from './contact-error.ts';
import type { ContactError } from './contact-error.ts';
import { isEndpoint } from './person.ts';

/** Least time between two writes, which hold all that changed. */
const writeEveryMs = 30_000;
/** By so much "last seen" may be off on disk. */
const seenStepMs = 60_000;

export class Sightings {
  readonly #store: StateStore;
  readonly #seen = new Map<PeerId, Seen>();
  /** What the disk has, or gets. */
  readonly #written = new Map<PeerId, Seen>();
  readonly #dirty = new Set<PeerId>();
  #wroteMs = Number.NEGATIVE_INFINITY;
  #writing: Promise<Result<void, ContactError>> | null = null;

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** What the disk held when the book was opened. */
  load(peer: PeerId, seen: Seen): void {
    this.#seen.set(peer, seen);
    this.#written.set(peer, seen);
  }

  get(peer: PeerId): Seen | null {
    return this.#seen.get(peer) ?? null;
  }

  list(): readonly BookRecord[] {
    return [...this.#seen.keys()].flatMap((peer) => this.listOf(peer));
  }

  /** Of one peer, none or one. */
  listOf(peer: PeerId): readonly BookRecord[] {
    const seen = this.#seen.get(peer);
    return seen === undefined ? [] : [{ kind: 'seen', peer, seen }];
  }

  forget(peer: PeerId): void {
    this.#seen.delete(peer);
    this.#written.delete(peer);
    this.#dirty.delete(peer);
  }

  /**
   * Writes at most once in 30 s, by the clock of `nowMs`. Made for every packet: an endpoint that stays costs next to
   * nothing. @throws RangeError where `endpoint` is none.
   */
  note(peer: PeerId, endpoint: Endpoint, unixMs: UnixMs, nowMs: number): void {
    const former = this.#seen.get(peer)?.endpoints ?? [];
    const endpoints = former[0] !== undefined && isSameEndpoint(former[0], endpoint) ? former : move(former, endpoint);
    this.#seen.set(peer, { endpoints, lastSeenMs: Math.max(0, Math.floor(unixMs)) });
    const written = this.#written.get(peer);
    if (written?.endpoints !== endpoints || Math.abs(unixMs - written.lastSeenMs) >= seenStepMs) this.#dirty.add(peer);
    // A failed write is not lost: its peers are still dirty, and the next packet comes by here.
    if (this.#dirty.size > 0 && this.#writing === null && nowMs - this.#wroteMs >= writeEveryMs) {
      this.#wroteMs = nowMs;
      void this.flush();
    }
  }

  /** Writes what is not on disk yet; resolves when it is. */
  async flush(): Promise<Result<void, ContactError>> {
    while (this.#writing !== null) await this.#writing;
    if (this.#dirty.size === 0) return { ok: true, value: undefined };
    this.#writing = this.#write();
    try {
      return await this.#writing;
    } finally {
      this.#writing = null;
    }
  }

  async #write(): Promise<Result<void, ContactError>> {
    const batch = [...this.#dirty].flatMap((peer) => {
      const seen = this.#seen.get(peer);
      return seen === undefined ? [] : [{ kind: 'seen' as const, peer, seen }];
    });
    this.#dirty.clear();
    for (const { peer, seen } of batch) this.#written.set(peer, seen);
    const written = await this.#store.write(batch.map(encodeRecord));
    if (written.ok) return { ok: true, value: undefined };
    for (const { peer } of batch) if (this.#seen.has(peer)) this.#dirty.add(peer);
    return notKept(written.error);
  }
}

/** The endpoints with this one first. */
function move(former: readonly Endpoint[], endpoint: Endpoint): Endpoint[] {
  if (!isEndpoint(endpoint)) {
    throw new RangeError(`Expected an IP address and a port for the endpoint but received ${endpoint.address}`);
  }
  const { address, port } = endpoint;
  const others = former.filter((other) => !isSameEndpoint(other, endpoint));
  return [{ address, port }, ...others].slice(0, ENDPOINTS_LIMIT);
}
