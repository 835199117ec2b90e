/**
 * Conversations as the screen lists them: one with each contact, one with each room, the latest first; who somebody is;
 * how much is unread.
 */
import type { ConnectionState, Contact, Conversation, Message, PeopleState, Room } from '../../ipc/index.ts';
import { durationText } from '../screen/clock-text.ts';
import { shortPeer, shownName } from './shown-name.ts';

/** Names a conversation in maps and keys. */
export function conversationKey(conversation: Conversation): string {
  return conversation.kind === 'peer' ? `peer ${conversation.peer}` : `room ${conversation.room}`;
}

export function isSameConversation(a: Conversation | null, b: Conversation | null): boolean {
  return a !== null && b !== null && conversationKey(a) === conversationKey(b);
}

/** Where a message belongs; null for one that names neither a person nor a room. */
export function conversationOf(message: Message): Conversation | null {
  if (message.room !== null) return { kind: 'room', room: message.room };
  return message.peer === null ? null : { kind: 'peer', peer: message.peer };
}

/** One entry of the list of conversations. */
export interface TalkItem {
  readonly key: string;
  readonly conversation: Conversation;
  readonly title: string;
  /** Null for a room. */
  readonly state: ConnectionState | null;
  readonly members: number;
  readonly unshown: number;
  readonly lastMessageMs: number | null;
  readonly warned: boolean;
}

/** One for all comparisons: `localeCompare` makes its own each time. */
const byTitle = new Intl.Collator('en');

const stateRank: Readonly<Record<ConnectionState, number>> = { connected: 0, connecting: 1, away: 2 };

function byLatest(a: TalkItem, b: TalkItem): number {
  const latest = (b.lastMessageMs ?? -1) - (a.lastMessageMs ?? -1);
  if (latest !== 0) return latest;
  const rank = (item: TalkItem): number => (item.state === null ? 1 : stateRank[item.state]);
  return rank(a) - rank(b) || byTitle.compare(a.title, b.title) || (a.key < b.key ? -1 : 1);
}

/** Contacts that are not blocked, and rooms; the one written in last first, then who is connected, then by name. */
export function talkItems(people: PeopleState): readonly TalkItem[] {
  const contacts = people.contacts
    .filter(({ blocked }) => !blocked)
    .map((contact): TalkItem => {
      const conversation = { kind: 'peer', peer: contact.peer } as const;
      return {
        key: conversationKey(conversation),
        conversation,
        title: shownName(contact.name, shortPeer(contact.peer)),
        state: contact.state,
        members: 1,
        unshown: contact.unshown,
        lastMessageMs: contact.lastMessageMs,
        warned: contact.warning !== null,
      };
    });
  const rooms = people.rooms.map((room): TalkItem => {
    const conversation = { kind: 'room', room: room.room } as const;
    return {
      key: conversationKey(conversation),
      conversation,
      title: shownName(room.title, 'Room without a title'),
      state: null,
      members: room.members.length,
      unshown: room.unshown,
      lastMessageMs: room.lastMessageMs,
      warned: false,
    };
  });
  return [...contacts, ...rooms].sort(byLatest);
}

/** The conversation that an answer goes to: the one written in last, else the first in the list; null without any. */
export function latestConversation(people: PeopleState): Conversation | null {
  return talkItems(people)[0]?.conversation ?? null;
}

/** Whether a conversation is one of those that can be written in. */
export function hasConversation(people: PeopleState, conversation: Conversation | null): boolean {
  if (conversation === null) return false;
  if (conversation.kind === 'room') return findRoom(people, conversation.room) !== null;
  return findContact(people, conversation.peer)?.blocked === false;
}

/** Unread messages of contacts that are not blocked, and of rooms. */
export function unreadCount(people: PeopleState): number {
  const contacts = people.contacts.filter(({ blocked }) => !blocked);
  return [...contacts, ...people.rooms].reduce((sum, { unshown }) => sum + unshown, 0);
}

export function findContact(people: PeopleState, peer: string): Contact | null {
  return people.contacts.find((contact) => contact.peer === peer) ?? null;
}

export function findRoom(people: PeopleState, room: string): Room | null {
  return people.rooms.find((held) => held.room === room) ?? null;
}

/** What a person is called here: a contact by its name, anybody else by the first digits of the key. */
export function nameOfPeer(people: PeopleState | null, peer: string): string {
  const contact = people === null ? null : findContact(people, peer);
  return contact === null ? `Not a contact (${shortPeer(peer)})` : shownName(contact.name, shortPeer(peer));
}

/** The other person's name, or the room's title. */
export function titleOf(people: PeopleState | null, conversation: Conversation): string {
  if (conversation.kind === 'peer') return nameOfPeer(people, conversation.peer);
  const room = people === null ? null : findRoom(people, conversation.room);
  return room === null ? 'A room' : shownName(room.title, 'Room without a title');
}

/** The state of a connection in words, with when they were last seen where that says something. */
export function connectionText(contact: Pick<Contact, 'state' | 'lastSeenMs'>, nowMs: number): string {
  switch (contact.state) {
    case 'connected':
      return 'connected';
    case 'connecting':
      return 'connecting…';
    case 'away':
      if (contact.lastSeenMs === null) return 'away, never seen yet';
      return `away, seen ${agoText(contact.lastSeenMs, nowMs)}`;
  }
}

/** `just now`, `5 min ago`, `3 days ago`; a time ahead of this clock is just now. */
export function agoText(atMs: number, nowMs: number): string {
  const agoMs = nowMs - atMs;
  if (agoMs < 60_000) return 'just now';
  const days = Math.floor(agoMs / 86_400_000);
  if (days >= 1) return days === 1 ? '1 day ago' : `${days} days ago`;
  return `${durationText(agoMs)} ago`;
}
