/**
 * Dials peers by the schedule of the spec, and takes what comes in answer: one first message at a time for each peer, made
 * afresh each time and sent to all its endpoints, of which the peer takes the first copy. Source: spec/PROTOCOL.md, *Timers*.
 */
import type { PairKeys } from '../pair/pair-keys.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint } from '../world.ts';
import { answeredPauseMs, dialEndpointsLimit, dialGapMs } from './bounds.ts';
import { parseCookie } from './cookie-packet.ts';
import type { HubContext } from './hub-context.ts';
import { Initiation } from './initiation.ts';
import type { Dial, PeerEntry } from './peer-entry.ts';
import { cookieLifeMs, firstDelaysMs } from './protocol.ts';
import { parseSecond } from './second-packet.ts';
import type { Session } from './session.ts';

/** Every so many first messages, one is made with the peer's other pair secret. */
const otherPairEvery = 3;

export class Dialler {
  readonly #context: HubContext;
  readonly #onSession: (peer: PeerEntry, session: Session) => void;

  /** `onSession` is given each session that was begun here; it has no index yet. */
  constructor(context: HubContext, onSession: (peer: PeerEntry, session: Session) => void) {
    this.#context = context;
    this.#onSession = onSession;
  }

  /** Dials until there is a session. An endpoint that was not dialled before is dialled at once. */
  dial(peer: PeerEntry, endpoints: readonly Endpoint[]): void {
    const fresh = endpoints.slice(0, dialEndpointsLimit);
    const { dial } = peer;
    if (dial === null) {
      this.#begin(peer, fresh, true);
      return;
    }
    const isOther = fresh.some((endpoint) => !dial.endpoints.some((known) => isSameEndpoint(known, endpoint)));
    dial.isWanted = true;
    dial.endpoints = fresh;
    if (!isOther) return;
    dial.attempts = 0;
    dial.dueMs = Math.min(dial.dueMs, Math.max(this.#context.nowMs, this.#earliestMs(peer)));
    this.poll(peer);
  }

  /** Begins the next session of a peer that is up, unless it is dialled already. */
  renew(peer: PeerEntry): void {
    if (peer.dial === null) this.#begin(peer, [], false);
  }

  /** Stops what the caller asked for. A session that is to be renewed still is. */
  stop(peer: PeerEntry): void {
    if (peer.dial === null) return;
    peer.dial.isWanted = false;
    const { current } = peer.sessions;
    if (current === null || this.#context.nowMs < current.renewMs) this.finish(peer);
  }

  /** There is a session: nothing is to be dialled any more. */
  finish(peer: PeerEntry): void {
    peer.dial = null;
    this.#context.dropInitiation(peer);
  }

  /** Does what is due. */
  poll(peer: PeerEntry): void {
    const { dial } = peer;
    const { nowMs } = this.#context;
    if (dial === null) return;
    const isUp = peer.sessions.current !== null;
    if ((!dial.isWanted && !isUp) || endpointsOf(peer, dial).length === 0) return this.finish(peer);
    if (nowMs < dial.dueMs) return;
    if (dial.isStamping) {
      dial.dueMs = nowMs + dialGapMs;
      return;
    }
    if (nowMs < this.#earliestMs(peer)) {
      dial.dueMs = this.#earliestMs(peer);
      return;
    }
    if (!this.#hasRoom(peer)) return this.#putOff(dial);
    void this.#attempt(peer, dial);
  }

  receiveSecond(bytes: Uint8Array, from: Endpoint): void {
    const { counters, indices, nowMs } = this.#context;
    const second = parseSecond(bytes);
    if (second === null) return counters.count('wrongLength');
    const owner = indices.get(second.receiverIndex);
    if (owner?.kind !== 'initiation') return counters.count('secondUnknown');
    const { peer, initiation } = owner;
    const session = initiation.takeSecond(second, from, nowMs);
    if (session.ok) {
      peer.initiation = null;
      indices.delete(initiation.localIndex);
      this.#onSession(peer, session.value);
      return;
    }
    const refusals = { forged: 'secondForged', refused: 'secondRefused', 'wrong-hello': 'secondWrongHello' } as const;
    counters.count(refusals[session.error.kind]);
  }

  receiveCookie(bytes: Uint8Array): void {
    const { counters, indices, nowMs } = this.#context;
    const packet = parseCookie(bytes);
    if (packet === null) return counters.count('wrongLength');
    const owner = indices.get(packet.receiverIndex);
    if (owner?.kind !== 'initiation') return counters.count('cookieUnknown');
    const { peer, initiation } = owner;
    const cookie = initiation.takeCookie(packet);
    if (cookie === null) return counters.count('cookieForged');
    counters.count('cookiesTaken');
    peer.cookie = { bytes: cookie, untilMs: nowMs + cookieLifeMs };
    // One that was sent with a cookie already has to wait for its turn: the peer has load enough.
    if (peer.dial !== null && !initiation.hasCookie) {
      peer.dial.dueMs = Math.min(peer.dial.dueMs, Math.max(nowMs, this.#earliestMs(peer)));
    }
  }

  #begin(peer: PeerEntry, endpoints: readonly Endpoint[], isWanted: boolean): void {
    peer.dial = {
      isWanted,
      endpoints,
      attempts: 0,
      dueMs: Math.max(this.#context.nowMs, this.#earliestMs(peer)),
      isStamping: false,
    };
    this.poll(peer);
  }

  /** When the last first message had time to be answered, and a session that was answered here its proof. */
  #earliestMs(peer: PeerEntry): number {
    const { next } = peer.sessions;
    const dialled = peer.dialledMs === null ? -Infinity : peer.dialledMs + dialGapMs;
    const answered = next === null ? -Infinity : next.madeMs + answeredPauseMs;
    return Math.max(dialled, answered);
  }

  /** Its own last one gives way in any case. */
  #hasRoom(peer: PeerEntry): boolean {
    return peer.initiation !== null || this.#context.makeRoom(this.#context.nowMs);
  }

  #putOff(dial: Dial): void {
    this.#context.counters.count('dialPutOff');
    dial.dueMs = this.#context.nowMs + dialGapMs;
  }

  async #attempt(peer: PeerEntry, dial: Dial): Promise<void> {
    const context = this.#context;
    dial.isStamping = true;
    dial.dueMs = context.nowMs + dialGapMs;
    const stamp = await this.#makeStamp(peer);
    dial.isStamping = false;
    if (peer.dial !== dial || !context.isLive(peer)) return;
    const { nowMs } = context;
    if (nowMs < this.#earliestMs(peer)) {
      dial.dueMs = this.#earliestMs(peer);
      return;
    }
    if (!this.#hasRoom(peer)) return this.#putOff(dial);
    const pair = pairOf(peer, dial);
    dial.dueMs = nowMs + (firstDelaysMs[Math.min(dial.attempts, firstDelaysMs.length - 1)] ?? dialGapMs);
    dial.attempts += 1;
    if (stamp !== null && pair !== undefined) this.#sendFirst(peer, dial, pair, stamp);
  }

  async #makeStamp(peer: PeerEntry): Promise<number | null> {
    try {
      return await this.#context.options.stampToSend(peer.id);
    } catch {
      this.#context.counters.count('dialUnstamped');
      return null;
    }
  }

  #sendFirst(peer: PeerEntry, dial: Dial, pair: PairKeys, stamp: number): void {
    const context = this.#context;
    const { counters, indices, nowMs, options } = context;
    context.dropInitiation(peer);
    if (peer.cookie !== null && nowMs >= peer.cookie.untilMs) peer.cookie = null;
    const localIndex = indices.pick();
    const initiation = Initiation.begin({
      identity: context.identity,
      random: options.random,
      hello: peer.hello,
      remoteStatic: peer.contactKey,
      pair,
      localIndex,
      stamp,
      unixMs: options.clock.unixMs(),
      cookie: peer.cookie?.bytes ?? null,
      nowMs,
    });
    peer.dialledMs = nowMs;
    if (initiation === null) return counters.count('dialRefused');
    peer.initiation = initiation;
    indices.set(localIndex, { kind: 'initiation', peer, initiation });
    for (const endpoint of endpointsOf(peer, dial)) {
      counters.count('firstsSent');
      options.send(initiation.bytes.slice(), endpoint);
    }
  }
}

/** Those that the caller named, and where the peer is while it is up. */
function endpointsOf(peer: PeerEntry, dial: Dial): readonly Endpoint[] {
  const { endpoint } = peer;
  if (endpoint === null || peer.sessions.current === null) return dial.endpoints;
  return dial.endpoints.some((known) => isSameEndpoint(known, endpoint))
    ? dial.endpoints
    : [...dial.endpoints, endpoint];
}

/** The first of the pair secrets; sometimes the other, for a peer that has only that one. */
function pairOf(peer: PeerEntry, dial: Dial): PairKeys | undefined {
  return dial.attempts % otherPairEvery === otherPairEvery - 1 ? peer.pairs.at(-1) : peer.pairs[0];
}
