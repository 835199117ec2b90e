/**
 * Where a peer may be reached, in the order in which to try: what its beacons said, latest first; where a session had it;
 * what the user typed. Only the first is kept here, and not on disk; nothing here is proof, only a handshake is.
 */
import type { PeerId } from '../peer-id.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint } from '../world.ts';

/** Of all three sources: 4 + 2 + 2, so that none crowds out another. */
export const CANDIDATES_LIMIT = 8;
const HEARD_LIMIT = 4;
const KNOWN_LIMIT = 2;
const MANUAL_LIMIT = 2;
/** Source: spec/PROTOCOL.md, *Bounds*. */
const PEERS_LIMIT = 256;
/** What a beacon said is believed for as long as the epoch that it was made for. */
const HEARD_COUNTS_MS = 900_000;

export type CandidateSource = 'heard' | 'known' | 'manual';

export interface Candidate {
  readonly endpoint: Endpoint;
  readonly source: CandidateSource;
}

/** What the contact book knows of a peer; the first two of each count. */
export interface KnownEndpoints {
  /** Where sessions had it, latest first. */
  readonly known: readonly Endpoint[];
  /** What the user typed. */
  readonly manual: readonly Endpoint[];
}

interface Heard {
  readonly endpoint: Endpoint;
  readonly atMs: number;
}

export class EndpointBook {
  /** Latest first. */
  readonly #heard = new Map<PeerId, readonly Heard[]>();

  /** A beacon of this peer came from there. Beyond 256 peers nothing is kept. @param nowMs of a clock that never goes back. */
  hear(peer: PeerId, endpoint: Endpoint, nowMs: number): void {
    const before = this.#heard.get(peer);
    if (before === undefined && this.#heard.size >= PEERS_LIMIT) return;
    const others = (before ?? []).filter((heard) => !isSameEndpoint(heard.endpoint, endpoint));
    this.#heard.set(peer, [{ endpoint, atMs: nowMs }, ...others].slice(0, HEARD_LIMIT));
  }

  /** Different endpoints, the one to try first first; at most 8. */
  candidates(peer: PeerId, { known, manual }: KnownEndpoints, nowMs: number): readonly Candidate[] {
    const heard = (this.#heard.get(peer) ?? []).filter((each) => nowMs - each.atMs < HEARD_COUNTS_MS);
    const all: readonly Candidate[] = [
      ...heard.map(({ endpoint }) => ({ endpoint, source: 'heard' }) as const),
      ...known.slice(0, KNOWN_LIMIT).map((endpoint) => ({ endpoint, source: 'known' }) as const),
      ...manual.slice(0, MANUAL_LIMIT).map((endpoint) => ({ endpoint, source: 'manual' }) as const),
    ];
    return all.filter((each, at) => all.findIndex((other) => isSameEndpoint(other.endpoint, each.endpoint)) === at);
  }

  /** The peer was removed. */
  forget(peer: PeerId): void {
    this.#heard.delete(peer);
  }
}
