/**
 * Where people who ask come in: the door that opens their packets, the contact book that decides on them, and where each was
 * heard, for the moment in which the user accepts. Source: spec/PROTOCOL.md, *Request (1)*.
 */
import type { RequestToken } from '../code/index.ts';
import type { ContactBook } from '../contacts/index.ts';
import type { PeerId } from '../peer-id.ts';
import { RequestDoor } from '../request/index.ts';
import type { KnockedRequest } from '../request/index.ts';
import type { Clock, Endpoint, RandomBytes } from '../world.ts';

export interface DoorwayOptions {
  readonly book: ContactBook;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The token of *nearby*; null while it is off. */
  readonly nearbyToken: () => RequestToken | null;
  /** Somebody asks, whom the user has not seen asking. */
  readonly onRequest: (peer: PeerId) => void;
  /** Both want each other: the person may be dialled. */
  readonly onAccepted: (peer: PeerId) => void;
  readonly onProblem: (message: string) => void;
}

export class Doorway {
  readonly #options: DoorwayOptions;
  readonly #door: RequestDoor;
  readonly #askers = new Map<PeerId, Endpoint>();

  constructor(options: DoorwayOptions) {
    this.#options = options;
    const { book, clock, random } = options;
    const isMuted = (peer: PeerId) => book.isMuted(peer);
    this.#door = new RequestDoor({ identity: book.identity, random, isMuted }, clock.elapsedMs());
  }

  /** Packets by what became of them. */
  get counts(): RequestDoor['counts'] {
    return this.#door.counts;
  }

  /** Codes or *nearby* changed: only those of now open the door. */
  syncTokens(): void {
    const { book, clock, nearbyToken } = this.#options;
    const nearby = nearbyToken();
    const tokens = [...book.doorTokens(), ...(nearby === null ? [] : [{ token: nearby, expiresMs: null }])];
    this.#door.setTokens(tokens, clock.elapsedMs());
  }

  /** Takes a datagram of type 1. It is never answered. */
  take(bytes: Uint8Array, from: Endpoint): void {
    const { clock } = this.#options;
    const request = this.#door.receive(bytes, from, clock.elapsedMs(), clock.unixMs());
    if (request !== null) void this.#enter(request);
  }

  /** Where somebody was heard asking, told once; null where nobody was. */
  takeEndpoint(peer: PeerId): Endpoint | null {
    const endpoint = this.#askers.get(peer) ?? null;
    this.#askers.delete(peer);
    return endpoint;
  }

  async #enter(request: KnockedRequest): Promise<void> {
    const { book, onRequest, onAccepted, onProblem } = this.#options;
    const { peer, from } = request;
    const taken = await book.receiveRequest(request);
    if (!taken.ok) return onProblem(taken.error.message);
    const outcome = taken.value;
    switch (outcome.kind) {
      case 'new':
        for (const dropped of outcome.dropped) this.#askers.delete(dropped);
        this.#askers.set(peer, from);
        onRequest(peer);
        break;
      case 'accepted':
      case 'renewed':
        this.#askers.set(peer, from);
        onAccepted(peer);
        break;
      case 'nothing':
        if (outcome.why === 'waiting' || outcome.why === 'contact') this.#askers.set(peer, from);
        if (outcome.why === 'contact') onAccepted(peer);
    }
  }
}
