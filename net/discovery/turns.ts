/** Whose turn it is in a beacon, when there are more peers than slots. Source: spec/PROTOCOL.md, *Beacon (6)*. */
import { SLOT_COUNT } from './beacon.ts';

/** Goes round a list that may change between two turns. */
export class Turns<Peer> {
  #last: Peer | null = null;

  /** The next at most 64 of `peers`, after the last of the turn before; all of them where they fit. */
  next(peers: readonly Peer[]): readonly Peer[] {
    if (peers.length <= SLOT_COUNT) return peers;
    // Where the last one is gone, -1 makes the round begin anew.
    const at = this.#last === null ? 0 : peers.indexOf(this.#last) + 1;
    const turn = [...peers.slice(at), ...peers.slice(0, at)].slice(0, SLOT_COUNT);
    this.#last = turn.at(-1) ?? null;
    return turn;
  }
}
