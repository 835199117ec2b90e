/**
 * Which contacts are dialled, where and for how long: there must be a reason (the program started or woke, a beacon, a
 * request, a session that ended), and it wears off, so that nobody is dialled for ever where a stranger may live by now.
 */
import type { ContactBook } from '../contacts/index.ts';
import { EndpointBook } from '../discovery/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { SessionHub } from '../session/index.ts';
import type { Clock, Endpoint } from '../world.ts';

/** A reason counts for so long; a beacon comes every 30 s while a peer is missing. */
const REASON_MS = 90_000;

export interface DialPlanOptions {
  readonly book: ContactBook;
  readonly hub: Pick<SessionHub, 'dial' | 'stopDialling'>;
  readonly clock: Clock;
}

export class DialPlan {
  readonly #options: DialPlanOptions;
  readonly #endpoints = new EndpointBook();
  /** Until when a peer is dialled, by the clock that never goes back. */
  readonly #until = new Map<PeerId, number>();
  readonly #manual = new Map<PeerId, Endpoint>();

  constructor(options: DialPlanOptions) {
    this.#options = options;
  }

  isDialling(peer: PeerId): boolean {
    return this.#until.has(peer);
  }

  /** The peer was heard at an endpoint outside of a session: a beacon, or a request. */
  heard(peer: PeerId, endpoint: Endpoint): void {
    this.#endpoints.hear(peer, endpoint, this.#options.clock.elapsedMs());
  }

  /** An address that the user typed. */
  typed(peer: PeerId, endpoint: Endpoint): void {
    this.#manual.set(peer, endpoint);
  }

  /** There is a reason to dial a contact; where nothing is known of its whereabouts it waits for a beacon. */
  dial(peer: PeerId): void {
    const { book, hub, clock } = this.#options;
    const contact = book.contact(peer);
    if (contact === null) return;
    const nowMs = clock.elapsedMs();
    const typed = this.#manual.get(peer);
    const known = { known: contact.endpoints, manual: typed === undefined ? [] : [typed] };
    const endpoints = this.#endpoints.candidates(peer, known, nowMs).map(({ endpoint }) => endpoint);
    if (endpoints.length === 0) return;
    this.#until.set(peer, nowMs + REASON_MS);
    hub.dial(peer, endpoints);
  }

  /** A session stands. */
  reached(peer: PeerId): void {
    this.#until.delete(peer);
  }

  forget(peer: PeerId): void {
    this.#until.delete(peer);
    this.#manual.delete(peer);
    this.#endpoints.forget(peer);
    this.#options.hub.stopDialling(peer);
  }

  /** When to `poll`; Infinity: not before something else happens. */
  get nextMs(): number {
    return Math.min(Infinity, ...this.#until.values());
  }

  poll(): void {
    const nowMs = this.#options.clock.elapsedMs();
    for (const [peer, untilMs] of this.#until) {
      if (nowMs < untilMs) continue;
      this.#until.delete(peer);
      this.#options.hub.stopDialling(peer);
    }
  }
}
