/** Makes the link of a contact: what is common to all links of this device, and what the contact book says of the one. */
import type { EntryId } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import type { ContactBook } from '../contacts/index.ts';
import { VerifyingKey } from '../ed25519.ts';
import { fromHex } from '../identity/index.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Rooms } from '../messages/rooms.ts';
import type { PeerId } from '../peer-id.ts';
import type { LinkDelivery } from '../sync/link-options.ts';
import { PeerLink } from '../sync/peer-link.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock, RandomBytes } from '../world.ts';
import type { NetEvents } from './net-events.ts';
import type { ProfileNotes } from './profile-notes.ts';

export interface LinkWorld {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: () => EntryId;
  readonly state: StateStore;
  readonly log: SharedLog;
  readonly book: ContactBook;
  readonly events: NetEvents;
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly profiles: ProfileNotes;
  /** A contact removed this device. */
  readonly onBye: (peer: PeerId) => void;
}

export function makeLink(world: LinkWorld, peer: PeerId, delivery: LinkDelivery): PeerLink {
  const { clock, random, newId, state, log, book, events, outbox, rooms, profiles, onBye } = world;
  const signing = book.contact(peer)?.signing ?? null;
  return new PeerLink({
    peer,
    clock,
    random,
    newId,
    state,
    log,
    outbox,
    rooms,
    delivery,
    name: () => book.name,
    signing: book.identity.signing,
    peerKey: signing === null ? null : VerifyingKey.parse(signing),
    parseKey: (bytes) => VerifyingKey.parse(bytes),
    events: {
      onProfile: ({ name, signing: told }) => profiles.note(peer, { name, signing: fromHex(told) }),
      onScope: () => events.onChange(),
      onMessages: (entries) => events.onMessages(entries),
      onStates: (entries) => events.onStates(entries),
      onEntries: (entries) => events.onEntries(entries),
      onForked: (game) => events.onProblem(explainFork(game)),
      onBye: () => onBye(peer),
    },
  });
}

function explainFork(game: string): string {
  return `A contact has more of ${game} than this device: its log is older than it was. It is shared anew.`;
}
