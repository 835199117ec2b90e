/**
 * The channels of all contacts: made when somebody becomes a contact, made anew when the user believes another signing key of
 * the person, gone when the person is removed.
 */
import { toHex } from '../identity/index.ts';
import type { ContactBook } from '../contacts/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { PeerLink } from '../sync/peer-link.ts';
import type { PeerChannel } from './peer-channel.ts';

export interface ChannelsOptions {
  readonly book: ContactBook;
  readonly make: (peer: PeerId) => PeerChannel;
}

interface Held {
  readonly channel: PeerChannel;
  /** The signing key that its link believes, hex; null while the contact has not told one. */
  signing: string | null;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #held = new Map<PeerId, Held>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  get(peer: PeerId): PeerChannel | null {
    return this.#held.get(peer)?.channel ?? null;
  }

  all(): readonly PeerChannel[] {
    return [...this.#held.values()].map(({ channel }) => channel);
  }

  link(peer: PeerId): PeerLink | null {
    return this.get(peer)?.link ?? null;
  }

  isPresent(peer: PeerId): boolean {
    return this.get(peer)?.isPresent ?? false;
  }

  /**
   * Sees to it that there is a channel for each of these contacts. Returns those whose former one must not go on: what is
   * under way was for another key.
   */
  sync(contacts: readonly PeerId[]): readonly PeerId[] {
    return contacts.filter((peer) => this.#sync(peer));
  }

  forget(peer: PeerId): void {
    this.get(peer)?.link.down();
    this.#held.delete(peer);
  }

  #sync(peer: PeerId): boolean {
    const key = this.#options.book.contact(peer)?.signing ?? null;
    const signing = key === null ? null : toHex(key);
    const held = this.#held.get(peer);
    if (held !== undefined && (held.signing === signing || held.signing === null)) {
      // The first key that is told is believed by the link itself.
      held.signing = signing;
      return false;
    }
    this.forget(peer);
    this.#held.set(peer, { channel: this.#options.make(peer), signing });
    return held !== undefined;
  }
}
