/** What the network tells its owner, and what it may be asked about a contact. */
import type { PeerId } from '../peer-id.ts';
import type { Entry, MessageEntry, MessageStateEntry } from '../../storage/entry.ts';
import type { Room } from '../messages/rooms.ts';

/** Each is told after the disk has it. */
export interface NetEvents {
  /** Somebody came or went, or a contact, code, request or scope changed: whatever shows them reads them anew. */
  readonly onChange: () => void;
  /** Somebody asks, whom the user has not seen asking. */
  readonly onRequest: (peer: PeerId) => void;
  readonly onMessages: (entries: readonly MessageEntry[]) => void;
  readonly onStates: (entries: readonly MessageStateEntry[]) => void;
  /** What a contact shared is in the log. */
  readonly onEntries: (entries: readonly Entry[]) => void;
  readonly onRoom: (room: Room) => void;
  /** What could not be kept: a sentence for the user. */
  readonly onProblem: (message: string) => void;
}

/** `connecting`: it is dialled. `away`: it is waited for. */
export type Presence = 'connected' | 'connecting' | 'away';
