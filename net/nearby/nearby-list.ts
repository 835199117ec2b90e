/**
 * *Nearby*, while it is on: at most two minutes, this device shows its name every two seconds, with a token that dies at the
 * end, and lists who else does. What is listed is unproven: whoever asks one of them compares the safety words.
 * Source: spec/PROTOCOL.md, *Nearby (7)*. No socket, no timer: `due` says what to send, `nextMs` when to ask again.
 */
import { makeRequestToken } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import type { PeerId } from '../peer-id.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint, RandomBytes } from '../world.ts';
import { decodeNearby, encodeNearby } from './nearby-packet.ts';

export const NEARBY_LIMIT_MS = 120_000;
export const NEARBY_PEOPLE_LIMIT = 64;
/** People that one address may show: a machine in the room must not fill the list by itself. */
export const NEARBY_PER_ADDRESS_LIMIT = 4;
const sendEveryMs = 2_000;
const vanishAfterMs = 10_000;

/** `key` and `token` are all that asking takes. */
export interface NearbyPerson {
  readonly peer: PeerId;
  readonly token: RequestToken;
  /** Plain text; may be empty, and may be a lie. */
  readonly name: string;
  readonly from: Endpoint;
  /** Of the last packet, on the clock that `receive` was given. */
  readonly seenMs: number;
}

/** What became of a packet. All but `listed` and `seen` are drops. */
export type NearbyOutcome = 'listed' | 'seen' | 'off' | 'malformed' | 'own' | 'full' | 'contradicted';

interface Running {
  readonly token: RequestToken;
  readonly packet: Uint8Array;
  readonly endMs: number;
  sendMs: number;
}

export class NearbyList {
  readonly #own: PeerId;
  readonly #random: RandomBytes;
  #running: Running | null = null;
  readonly #people = new Map<PeerId, NearbyPerson>();
  readonly #counts: Record<NearbyOutcome, number> = {
    listed: 0,
    seen: 0,
    off: 0,
    malformed: 0,
    own: 0,
    full: 0,
    contradicted: 0,
  };

  constructor(own: PeerId, random: RandomBytes) {
    this.#own = own;
    this.#random = random;
  }

  /** Packets by what became of them, since the program began. */
  get counts(): Readonly<Record<NearbyOutcome, number>> {
    return { ...this.#counts };
  }

  /** Turns nearby on, for two minutes from now also if it was on, with a fresh token and an empty list. */
  start(name: string, nowMs: number): RequestToken {
    this.stop();
    const token = makeRequestToken(this.#random);
    const packet = encodeNearby({ peer: this.#own, token, name });
    this.#running = { token, packet, endMs: nowMs + NEARBY_LIMIT_MS, sendMs: nowMs };
    return token;
  }

  /** Turns nearby off: the token is dead, the list empty. */
  stop(): void {
    this.#running = null;
    this.#people.clear();
  }

  /** The token that the door of requests must take beside those of the codes; null while nearby is off. */
  token(nowMs: number): RequestToken | null {
    return this.#refresh(nowMs)?.token ?? null;
  }

  /** When it turns itself off; null while it is off. */
  endMs(nowMs: number): number | null {
    return this.#refresh(nowMs)?.endMs ?? null;
  }

  /** The packet to announce now, or null. */
  due(nowMs: number): Uint8Array | null {
    const running = this.#refresh(nowMs);
    if (running === null || nowMs < running.sendMs) return null;
    running.sendMs = nowMs + sendEveryMs;
    return running.packet.slice();
  }

  /** When to ask again: something is to be sent, somebody vanishes, or nearby ends. Null while it is off. */
  nextMs(): number | null {
    if (this.#running === null) return null;
    const vanish = [...this.#people.values()].map((person) => person.seenMs + vanishAfterMs);
    return Math.min(this.#running.sendMs, this.#running.endMs, ...vanish);
  }

  /** Who is there, the longest listed first; at most 64. */
  people(nowMs: number): readonly NearbyPerson[] {
    this.#refresh(nowMs);
    return [...this.#people.values()];
  }

  /** Takes any datagram of type 7. */
  receive(bytes: Uint8Array, from: Endpoint, nowMs: number): NearbyOutcome {
    const outcome = this.#take(bytes, from, nowMs);
    this.#counts[outcome] += 1;
    return outcome;
  }

  #take(bytes: Uint8Array, from: Endpoint, nowMs: number): NearbyOutcome {
    if (this.#refresh(nowMs) === null) return 'off';
    const packet = decodeNearby(bytes);
    if (packet === null) return 'malformed';
    if (packet.peer === this.#own) return 'own';
    const known = this.#people.get(packet.peer);
    if (known === undefined) {
      if (!this.#hasRoomFor(from)) return 'full';
      this.#people.set(packet.peer, { ...packet, from, seenMs: nowMs });
      return 'listed';
    }
    const isSame = known.token === packet.token && known.name === packet.name;
    // A packet comes by every interface; but who is listed stays as he is, whatever another address says of him.
    if (!isSame && !isSameEndpoint(known.from, from)) return 'contradicted';
    this.#people.set(packet.peer, { ...packet, from: known.from, seenMs: nowMs });
    return isSame ? 'seen' : 'listed';
  }

  #hasRoomFor(from: Endpoint): boolean {
    if (this.#people.size >= NEARBY_PEOPLE_LIMIT) return false;
    const fromThere = [...this.#people.values()].filter((person) => person.from.address === from.address);
    return fromThere.length < NEARBY_PER_ADDRESS_LIMIT;
  }

  /** Lets go of what is over. */
  #refresh(nowMs: number): Running | null {
    if (this.#running !== null && nowMs >= this.#running.endMs) this.stop();
    for (const person of this.#people.values()) {
      if (nowMs - person.seenMs >= vanishAfterMs) this.#people.delete(person.peer);
    }
    return this.#running;
  }
}
