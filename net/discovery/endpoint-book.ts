/**
 * Where a peer may be reached, in the order in which to try: what its beacons said, latest first; where it was last; what
 * the user typed. Everything is bounded, and nothing here is proof: only a handshake is.
 */
import type { PeerId } from '../peer-id.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint } from '../world.ts';

/** Of all three sources: 4 + 2 + 2. */
export const CANDIDATES_LIMIT = 8;
const HEARD_LIMIT = 4;
const PROVEN_LIMIT = 2;
const MANUAL_LIMIT = 2;
/** Source: spec/PROTOCOL.md, *Bounds*. */
const PEERS_LIMIT = 256;
/** What a beacon said is believed for as long as the epoch that it was made for. */
const HEARD_COUNTS_MS = 900_000;

export type CandidateSource = 'heard' | 'proven' | 'manual';

export interface Candidate {
  readonly endpoint: Endpoint;
  readonly source: CandidateSource;
}

interface Heard {
  readonly endpoint: Endpoint;
  readonly atMs: number;
}

interface Page {
  heard: readonly Heard[];
  proven: readonly Endpoint[];
  manual: readonly Endpoint[];
}

export class EndpointBook {
  readonly #pages = new Map<PeerId, Page>();

  /** A beacon of this peer came from there. @param nowMs of a clock that never goes back. */
  hear(peer: PeerId, endpoint: Endpoint, nowMs: number): void {
    this.#change(peer, (page) => {
      const others = page.heard.filter((heard) => !isSameEndpoint(heard.endpoint, endpoint));
      page.heard = [{ endpoint, atMs: nowMs }, ...others].slice(0, HEARD_LIMIT);
    });
  }

  /** A session had it there, in this run of the program or, from the disk, in an earlier one. The last call is the first tried. */
  prove(peer: PeerId, endpoint: Endpoint): void {
    this.#change(peer, (page) => {
      page.proven = [endpoint, ...page.proven.filter((each) => !isSameEndpoint(each, endpoint))].slice(0, PROVEN_LIMIT);
    });
  }

  /** What the user typed for this peer, in place of what was typed before; the first two count. */
  setManual(peer: PeerId, endpoints: readonly Endpoint[]): void {
    this.#change(peer, (page) => {
      page.manual = endpoints.slice(0, MANUAL_LIMIT);
    });
  }

  /** Different endpoints, the one to try first first; at most 8. */
  candidates(peer: PeerId, nowMs: number): readonly Candidate[] {
    const page = this.#pages.get(peer);
    if (page === undefined) return [];
    const heard = page.heard.filter((each) => nowMs - each.atMs < HEARD_COUNTS_MS).map((each) => each.endpoint);
    const chosen: Candidate[] = [];
    const sources = { heard, proven: page.proven, manual: page.manual } as const;
    for (const source of ['heard', 'proven', 'manual'] as const) {
      for (const endpoint of sources[source]) {
        if (!chosen.some((each) => isSameEndpoint(each.endpoint, endpoint))) chosen.push({ endpoint, source });
      }
    }
    return chosen;
  }

  /** The peer was removed. */
  forget(peer: PeerId): void {
    this.#pages.delete(peer);
  }

  /** Beyond 256 peers nothing is written: there are no more. */
  #change(peer: PeerId, change: (page: Page) => void): void {
    const page = this.#pages.get(peer) ?? { heard: [], proven: [], manual: [] };
    if (!this.#pages.has(peer) && this.#pages.size >= PEERS_LIMIT) return;
    change(page);
    this.#pages.set(peer, page);
  }
}
