/**
 * The sessions with all peers of this device: handshakes, keys, roaming, and silence towards everybody else. Sans-IO: it acts on
 * datagrams, on calls, and on `poll`, which is due at `nextMs`; it knows no socket and no timer.
 * Source: spec/PROTOCOL.md, *Handshake* and *Data (5)*.
 */
import type { PairKeys } from '../pair/pair-keys.ts';
import type { PeerId } from '../peer-id.ts';
import { isSameEndpoint } from '../world.ts';
import type { Endpoint } from '../world.ts';
import { dialGapMs } from './bounds.ts';
import { dataIndexOf, hasDataLength } from './data-packet.ts';
import { Dialler } from './dialler.ts';
import { FirstGate } from './first-gate.ts';
import { HubContext } from './hub-context.ts';
import { PeerEntry } from './peer-entry.ts';
import { isSameBoot } from './peer-sessions.ts';
import { packetTypes, peersLimit } from './protocol.ts';
import { Responder } from './responder.ts';
import type { SessionCounters } from './session-counters.ts';
import type { DownReason, SessionHubOptions } from './session-hub-options.ts';
import type { Session } from './session.ts';

const dataRefusals = { counter: 'dataWrongCounter', replayed: 'dataReplayed', forged: 'dataForged' } as const;

export class SessionHub {
  readonly #context: HubContext;
  readonly #gate: FirstGate;
  readonly #responder: Responder;
  readonly #dialler: Dialler;
  #isClosed = false;

  /** One curve operation. Throws RangeError or TypeError on keys or a boot id that are none. */
  constructor(options: SessionHubOptions) {
    this.#context = new HubContext(options);
    this.#responder = new Responder(this.#context);
    this.#gate = new FirstGate(this.#context, (ask) => this.#responder.answer(ask));
    this.#dialler = new Dialler(this.#context, (peer, session) => this.#adopt(peer, session));
  }

  get counters(): SessionCounters {
    return this.#context.counters;
  }

  /**
   * Adds a peer, or changes its pair secrets: one or two, the one to dial with first. They stay the caller's: not copied, not
   * erased. Sessions by a secret that is not given any more end. Throws RangeError on other numbers of secrets, above 256
   * peers, and on this device itself.
   */
  setPeer(peer: PeerId, pairs: readonly PairKeys[]): void {
    this.#expectOpen();
    const { ownId, peers } = this.#context;
    const known = peers.get(peer);
    if (known !== undefined) {
      known.pairs = pairs;
      const { initiation } = known;
      if (initiation !== null && !known.pairs.includes(initiation.pair)) this.#context.dropInitiation(known);
      this.#endWhere(known, (session) => !known.pairs.includes(session.pair), 'secret-changed');
      return;
    }
    if (peer === ownId) throw new RangeError('Expected a peer but received this device itself');
    if (peers.size >= peersLimit) throw new RangeError(`Expected at most ${peersLimit} peers but received one more`);
    peers.set(peer, new PeerEntry(peer, pairs, this.#context.hello, (_, session) => this.#forget(session)));
  }

  /** Forgets a peer; a stranger from here on. Nothing happens where it is none. */
  removePeer(peer: PeerId): void {
    const entry = this.#context.peers.get(peer);
    if (entry === undefined) return;
    this.#context.peers.delete(peer);
    this.#context.hello = this.#context.freshHello();
    this.#dialler.finish(entry);
    this.#endWhere(entry, () => true, 'removed');
  }

  /**
   * Dials a peer at up to 8 endpoints until there is a session that was not there before; where it is up, at its endpoint, too.
   * Called again, the endpoints take the place of the former, and one that is new among them is dialled at once. Nothing
   * happens for who is no peer, or without an endpoint for who is not up.
   */
  dial(peer: PeerId, endpoints: readonly Endpoint[]): void {
    const entry = this.#context.peers.get(peer);
    if (entry !== undefined) this.#dialler.dial(entry, endpoints);
  }

  stopDialling(peer: PeerId): void {
    const entry = this.#context.peers.get(peer);
    if (entry !== undefined) this.#dialler.stop(entry);
  }

  /** Ends the sessions with a peer, which stays one and may dial. */
  endSession(peer: PeerId): void {
    const entry = this.#context.peers.get(peer);
    if (entry !== undefined) this.#endWhere(entry, () => true, 'ended');
  }

  /**
   * Ends the sessions with a peer, and tells it in the next one that the state of the delivery here is gone, as after a start
   * of the program. The peer stays one and may dial.
   */
  restart(peer: PeerId): void {
    const entry = this.#context.peers.get(peer);
    if (entry === undefined) return;
    entry.hello = this.#context.freshHello();
    this.#context.dropInitiation(entry);
    this.#endWhere(entry, () => true, 'ended');
  }

  /** One datagram of type 2 to 5. Never throws on what came from the network; `bytes` may be used again after it. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#isClosed) return;
    switch (bytes[0] ?? 0) {
      case packetTypes.data:
        return this.#receiveData(bytes, from);
      case packetTypes.first:
        return this.#gate.receive(bytes, from);
      case packetTypes.second:
        return this.#dialler.receiveSecond(bytes, from);
      case packetTypes.cookie:
        return this.#dialler.receiveCookie(bytes);
      default:
        this.counters.count('wrongType');
    }
  }

  /** Seals and sends `plain` (0 to 1,171 bytes, else RangeError); false where there is no session to send it on. */
  send(peer: PeerId, plain: Uint8Array): boolean {
    const entry = this.#context.peers.get(peer);
    const session = entry?.sessions.current;
    if (entry === undefined || session === null || session === undefined) return false;
    if (entry.endpoint === null || session.isDead(this.#context.nowMs)) return false;
    this.#sendData(session.seal(plain), entry.endpoint);
    return true;
  }

  /** Does everything that is due. */
  poll(): void {
    for (const peer of this.#context.peers.values()) {
      if (this.#context.isLive(peer)) this.#pollPeer(peer);
    }
  }

  /**
   * When to `poll`, by the clock that never goes back; null: not before something else happens. Ask again after each call of the
   * hub. It may be early, but what the disk answers meanwhile never makes it late.
   */
  nextMs(): number | null {
    if (this.#isClosed) return null;
    let nextMs = this.#gate.isWriting ? this.#context.nowMs + dialGapMs : Infinity;
    for (const { dial, sessions } of this.#context.peers.values()) {
      const { current } = sessions;
      const renewMs = dial === null ? current?.renewMs : dial.dueMs;
      nextMs = Math.min(nextMs, renewMs ?? Infinity, sessions.expiryMs ?? Infinity, current?.proofMs ?? Infinity);
    }
    return nextMs === Infinity ? null : nextMs;
  }

  /** Whether there is a session to send on. */
  isUp(peer: PeerId): boolean {
    const session = this.#context.peers.get(peer)?.sessions.current ?? null;
    return session !== null && !session.isDead(this.#context.nowMs);
  }

  /** When the last genuine packet of a peer came, by the clock that never goes back; null where none came in this run. */
  lastReceivedMs(peer: PeerId): number | null {
    return this.#context.peers.get(peer)?.lastReceivedMs ?? null;
  }

  /** Erases all keys but the pair secrets, which are the caller's, and tells nobody. Nothing can be done with it after. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const peer of this.#context.peers.values()) {
      this.#dialler.finish(peer);
      peer.sessions.endWhere(() => true);
    }
    this.#context.peers.clear();
    this.#responder.destroy();
    this.#context.destroy();
  }

  #receiveData(bytes: Uint8Array, from: Endpoint): void {
    const { counters, indices, nowMs, options } = this.#context;
    if (!hasDataLength(bytes)) return counters.count('wrongLength');
    const index = dataIndexOf(bytes);
    const owner = indices.get(index);
    if (owner?.kind !== 'session') return counters.count('dataUnknown');
    const { peer, session } = owner;
    if (session.isDead(nowMs)) return counters.count('dataExpired');
    const greatestBefore = session.greatestCounter;
    const plain = session.open(bytes);
    if (!plain.ok) return counters.count(dataRefusals[plain.error.kind]);
    counters.count('dataTaken');
    peer.lastReceivedMs = nowMs;
    if (session === peer.sessions.next) this.#promote(peer, session, from);
    else if (session.greatestCounter > greatestBefore) this.#follow(peer, from);
    // A callback may have ended the session or removed the peer.
    const isLive = indices.get(index) === owner;
    if (plain.value.length > 0) {
      if (isLive) options.onPlain(peer.id, plain.value, from);
    } else if (isLive && !session.isInitiator && greatestBefore >= 0) {
      // A proof again: the answer to the last one was lost.
      this.#sendData(session.seal(plain.value), peer.endpoint ?? from);
    }
  }

  /** A session that this side began: the peer has proven itself by its answer. */
  #adopt(peer: PeerEntry, session: Session): void {
    this.#context.indices.set(session.localIndex, { kind: 'session', peer, session });
    peer.lastReceivedMs = session.madeMs;
    this.#promote(peer, session, session.endpoint);
  }

  #promote(peer: PeerEntry, session: Session, from: Endpoint): void {
    const { counters, nowMs, options } = this.#context;
    const before = peer.sessions.current;
    const endpointBefore = peer.endpoint;
    peer.sessions.promote(session);
    peer.hasIgnoredOne = false;
    peer.endpoint = from;
    this.#dialler.finish(peer);
    counters.count('sessionsMade');
    if (before === null || !isSameBoot(before, session)) {
      const { bootId, isInitiator: initiator, pair } = session;
      options.onUp(peer.id, { bootId, secret: peer.pairs.indexOf(pair), endpoint: from, initiator });
    } else if (endpointBefore === null || !isSameEndpoint(endpointBefore, from)) {
      options.onRoam(peer.id, from);
    }
    if (session !== peer.sessions.current || !this.#context.isLive(peer)) return;
    // The initiator's packet proves the session to the peer; the peer's, that the proof came.
    this.#sendData(session.isInitiator ? session.makeProof(nowMs) : session.seal(new Uint8Array()), from);
  }

  /** Only the greatest counter of a session tells where the peer is: what was late on its way does not. */
  #follow(peer: PeerEntry, from: Endpoint): void {
    if (peer.endpoint === null || isSameEndpoint(peer.endpoint, from)) return;
    peer.endpoint = from;
    this.#context.options.onRoam(peer.id, from);
  }

  #pollPeer(peer: PeerEntry): void {
    const { counters, nowMs } = this.#context;
    const wasUp = peer.sessions.current !== null;
    const unproven = peer.sessions.expire(nowMs);
    for (let count = 0; count < unproven; count += 1) counters.count('sessionsUnproven');
    const { current } = peer.sessions;
    if (wasUp && current === null) this.#tellDown(peer, 'expired');
    if (!this.#context.isLive(peer)) return;
    if (current !== null && peer.endpoint !== null && nowMs >= (current.proofMs ?? Infinity)) {
      this.#sendData(current.makeProof(nowMs), peer.endpoint);
    }
    if (current !== null && nowMs >= current.renewMs) this.#dialler.renew(peer);
    this.#dialler.poll(peer);
  }

  #endWhere(peer: PeerEntry, shouldEnd: (session: Session) => boolean, reason: DownReason): void {
    const wasUp = peer.sessions.current !== null;
    peer.sessions.endWhere(shouldEnd);
    if (wasUp && peer.sessions.current === null) this.#tellDown(peer, reason);
  }

  #tellDown(peer: PeerEntry, reason: DownReason): void {
    peer.endpoint = null;
    this.#context.options.onDown(peer.id, reason);
  }

  #forget(session: Session): void {
    this.#context.indices.delete(session.localIndex);
    this.counters.count('sessionsEnded');
  }

  #sendData(bytes: Uint8Array, to: Endpoint): void {
    this.counters.count('dataSent');
    this.#context.options.send(bytes, to);
  }

  #expectOpen(): void {
    if (this.#isClosed) throw new TypeError('Expected an open hub but received a closed one');
  }
}
