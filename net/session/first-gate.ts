/**
 * Lets first messages in, up to their stamp: the peer by the hint, the seal by its key, the stamp by the disk. What comes
 * out is of an accepted peer and was never seen before, at the cost of no curve operation. While a stamp is written,
 * one more first message of its peer waits, the latest. Source: spec/PROTOCOL.md, *Handshake*, *First (2)*.
 */
import type { PairKeys } from '../pair/pair-keys.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Endpoint } from '../world.ts';
import { openStamp, parseFirst } from './first-packet.ts';
import type { FirstPacket } from './first-packet.ts';
import type { HubContext } from './hub-context.ts';
import type { PeerEntry } from './peer-entry.ts';
import { hintTrialsPerSecond } from './protocol.ts';

const trialRate = { burst: hintTrialsPerSecond, count: hintTrialsPerSecond, everyMs: 1_000 } as const;

/** A first message whose seal and stamp are right. */
export interface Ask {
  readonly peer: PeerEntry;
  /** The pair secret that it was sealed under. */
  readonly pair: PairKeys;
  readonly stamp: number;
  readonly first: FirstPacket;
  readonly from: Endpoint;
}

type Sealed = Pick<Ask, 'peer' | 'pair' | 'stamp'>;

export class FirstGate {
  readonly #context: HubContext;
  readonly #onAsk: (ask: Ask) => void;
  readonly #trials = new TokenBucket(trialRate);
  /** Peers whose stamp is being written, each with what waits behind it. */
  readonly #writing = new Map<PeerEntry, Ask | null>();

  /** `onAsk` is given what came in, when its stamp is durable and the peer still there. */
  constructor(context: HubContext, onAsk: (ask: Ask) => void) {
    this.#context = context;
    this.#onAsk = onAsk;
  }

  /** Whether stamps are being written: something may then come of it at any time. */
  get isWriting(): boolean {
    return this.#writing.size > 0;
  }

  receive(bytes: Uint8Array, from: Endpoint): void {
    const { counters, nowMs } = this.#context;
    const seen = parseFirst(bytes);
    if (seen === null) return counters.count('wrongLength');
    const sealed = this.#findSealed(seen, nowMs);
    if (sealed === null) return;
    const { peer, stamp } = sealed;
    const waiting = this.#writing.get(peer) ?? null;
    if (stamp <= peer.greatestStamp || stamp === waiting?.stamp) return counters.count('firstStale');
    if (!peer.firsts.take(nowMs)) return counters.count('firstTooMany');
    // A copy: it is to wait, and what comes from a socket is memory that is used again.
    const first = parseFirst(new Uint8Array(bytes)) ?? seen;
    const ask = { ...sealed, first, from };
    if (!this.#writing.has(peer)) {
      void this.#write(ask);
      return;
    }
    if (waiting !== null) counters.count('firstOutrun');
    if (waiting === null || stamp > waiting.stamp) this.#writing.set(peer, ask);
  }

  #findSealed(first: FirstPacket, nowMs: number): Sealed | null {
    const { counters, options, peers } = this.#context;
    const id = options.hints.lookup(first.hint, options.clock.unixMs());
    const peer = id === null ? undefined : peers.get(id);
    if (peer !== undefined) {
      const sealed = openWith(first, peer);
      if (sealed === null) counters.count('firstForged');
      return sealed;
    }
    // The peer's clock may be further off than hints are known for.
    if (!this.#trials.take(nowMs)) {
      counters.count('firstUntried');
      return null;
    }
    for (const other of peers.values()) {
      const sealed = openWith(first, other);
      if (sealed !== null) return sealed;
    }
    counters.count('firstUnknown');
    return null;
  }

  /** Writes the stamp of `ask`, and those of what came meanwhile. */
  async #write(ask: Ask): Promise<void> {
    const { peer } = ask;
    try {
      for (let next: Ask | null = ask; next !== null; next = this.#writing.get(peer) ?? null) {
        this.#writing.set(peer, null);
        peer.greatestStamp = next.stamp;
        const isGreater = await this.#takeStamp(next);
        if (isGreater === true) this.#pass(next);
      }
    } finally {
      this.#writing.delete(peer);
    }
  }

  /** Null where it could not be written. */
  async #takeStamp(ask: Ask): Promise<boolean | null> {
    const { counters, options } = this.#context;
    try {
      const isGreater = await options.takeStamp(ask.peer.id, ask.stamp);
      if (isGreater) return true;
      counters.count('firstStale');
      // Nothing was written: replays must not use up what the peer itself may send.
      ask.peer.firsts.giveBack();
      return false;
    } catch {
      counters.count('firstUnwritten');
      return null;
    }
  }

  #pass(ask: Ask): void {
    const isStill = this.#context.isLive(ask.peer) && ask.peer.pairs.includes(ask.pair);
    if (isStill) this.#onAsk(ask);
    else this.#context.counters.count('firstOrphaned');
  }
}

function openWith(first: FirstPacket, peer: PeerEntry): Sealed | null {
  for (const pair of peer.pairs) {
    const stamp = openStamp(first, pair.outerIn);
    if (stamp !== null) return { peer, pair, stamp };
  }
  return null;
}
