/**
 * Sessions that stand, but of which the disk has still to learn: what comes in one meanwhile waits here, so that nothing is
 * taken as part of another run of the peer's program, and nothing that was acknowledged is lost.
 */
import type { PeerId } from '../peer-id.ts';
import type { SessionUp } from '../session/index.ts';

/** Packets that wait for one peer; what is more is as if lost on the way, and comes again. */
const WAITING_PACKETS = 64;

export class RisingSessions {
  readonly #rising = new Map<PeerId, { readonly up: SessionUp; readonly packets: Uint8Array[] }>();

  /** A session stands; the one before it, if any, does not count any more. */
  begin(peer: PeerId, up: SessionUp): void {
    this.#rising.set(peer, { up, packets: [] });
  }

  /** Whether the packet waits. */
  holds(peer: PeerId, packet: Uint8Array): boolean {
    const rising = this.#rising.get(peer);
    if (rising === undefined) return false;
    if (rising.packets.length < WAITING_PACKETS) rising.packets.push(packet);
    return true;
  }

  /** The disk knows of the session: what came in it, in its order; null where it does not count any more. */
  end(peer: PeerId, up: SessionUp): readonly Uint8Array[] | null {
    const rising = this.#rising.get(peer);
    if (rising?.up !== up) return null;
    this.#rising.delete(peer);
    return rising.packets;
  }

  forget(peer: PeerId): void {
    this.#rising.delete(peer);
  }
}
