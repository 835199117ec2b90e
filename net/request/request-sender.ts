/**
 * Repeats what was asked until it is accepted or withdrawn: nobody answers a request, so there is nothing to wait for but
 * the other's session. Source: spec/PROTOCOL.md, *Request (1)*. No socket, no timer: `due` says what to send, `nextMs`
 * when to ask again.
 */
import type { RequestToken } from '../code/index.ts';
import type { Identity } from '../identity/index.ts';
import { toContactKey } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { Endpoint, RandomBytes } from '../world.ts';
import { UNIX_MS_LIMIT } from './request-payload.ts';
import { sealRequest } from './request-packet.ts';

/** Waits after the first, second… sending; the last one stays. */
const waitsMs = [1_000, 5_000, 30_000, 300_000, 1_800_000] as const;
const lastWaitMs = 1_800_000;
/** Sealing takes some 2 ms: whoever has many requests after a start sends them by and by. */
const mostAtOnce = 4;
export const PENDING_REQUESTS_LIMIT = 64;

/** A request that was asked and is on disk: see `ContactBook.outgoingRequests`. */
export interface OutgoingRequest {
  readonly peer: PeerId;
  readonly token: RequestToken;
  /** 32 bytes; the same at each repetition. */
  readonly secret: Uint8Array;
  readonly name: string;
  readonly note: string;
  /** The address that the user typed; null where the request is announced only. */
  readonly endpoint: Endpoint | null;
}

/** One request to be sent by multicast and broadcast and, where it is not null, to `endpoint`. */
export interface RequestDatagram {
  readonly peer: PeerId;
  readonly bytes: Uint8Array;
  readonly endpoint: Endpoint | null;
}

interface Pending {
  request: OutgoingRequest;
  sentCount: number;
  nextMs: number;
}

export class RequestSender {
  readonly #identity: Identity;
  readonly #random: RandomBytes;
  readonly #pending = new Map<PeerId, Pending>();

  constructor(identity: Identity, random: RandomBytes) {
    this.#identity = identity;
    this.#random = random;
  }

  /** Requests under way. */
  get count(): number {
    return this.#pending.size;
  }

  /**
   * Sends the request at once and begins to repeat it; one to the same person gives way. False, and nothing done, where 64
   * are under way.
   */
  add(request: OutgoingRequest, nowMs: number): boolean {
    if (!this.#pending.has(request.peer) && this.#pending.size >= PENDING_REQUESTS_LIMIT) return false;
    this.#pending.set(request.peer, { request, sentCount: 0, nextMs: nowMs });
    return true;
  }

  /** Ends the repetition: accepted, withdrawn or blocked. Whether there was one. */
  remove(peer: PeerId): boolean {
    return this.#pending.delete(peer);
  }

  /**
   * What is to be sent now, at most 4 requests; call again when `nextMs` says. After a sleep each is sent once, however often
   * it was missed.
   */
  due(nowMs: number, unixMs: number): readonly RequestDatagram[] {
    const datagrams: RequestDatagram[] = [];
    for (const pending of this.#pending.values()) {
      if (datagrams.length === mostAtOnce) break;
      if (nowMs < pending.nextMs) continue;
      pending.nextMs = nowMs + (waitsMs[pending.sentCount] ?? lastWaitMs);
      pending.sentCount += 1;
      const bytes = this.#seal(pending.request, unixMs);
      // A key of low order is refused when the person is asked; nothing else makes sealing fail.
      if (bytes === null) this.#pending.delete(pending.request.peer);
      else datagrams.push({ peer: pending.request.peer, bytes, endpoint: pending.request.endpoint });
    }
    return datagrams;
  }

  /** When `due` has something; null while nothing is under way. */
  nextMs(): number | null {
    let nextMs: number | null = null;
    for (const pending of this.#pending.values()) nextMs = Math.min(pending.nextMs, nextMs ?? pending.nextMs);
    return nextMs;
  }

  #seal(request: OutgoingRequest, unixMs: number): Uint8Array | null {
    const { token, secret, name, note } = request;
    const sentMs = Math.min(Math.max(0, Math.floor(unixMs)), UNIX_MS_LIMIT - 1);
    const contents = { receiver: toContactKey(request.peer), token, secret, sentMs, name, note };
    return sealRequest(contents, this.#identity, this.#random);
  }
}
