/**
 * Which page of the People panel is shown, and what takes its place when it is gone: pure, so that the rules can be
 * tested without a page.
 */
import type { Conversation, PeopleState } from '../../ipc/index.ts';
import { findContact, findRoom, talkItems } from './conversations.ts';

export type PeopleView =
  | { readonly kind: 'requests' }
  | { readonly kind: 'talk'; readonly conversation: Conversation }
  | { readonly kind: 'add' }
  | { readonly kind: 'me' }
  | { readonly kind: 'nearby' }
  | { readonly kind: 'room' };

function exists(people: PeopleState, view: PeopleView): boolean {
  switch (view.kind) {
    case 'talk':
      return view.conversation.kind === 'peer'
        ? findContact(people, view.conversation.peer) !== null
        : findRoom(people, view.conversation.room) !== null;
    case 'requests':
      return people.requests.length > 0;
    case 'add':
    case 'me':
    case 'nearby':
    case 'room':
      return true;
  }
}

/** The page to show: the one that the user chose while there is such, else what waits for an answer, else the last talk. */
export function viewFor(people: PeopleState, chosen: PeopleView | null): PeopleView {
  if (chosen !== null && exists(people, chosen)) return chosen;
  if (people.requests.length > 0) return { kind: 'requests' };
  const items = talkItems(people);
  const item = items.find(({ unshown }) => unshown > 0) ?? items[0];
  return item === undefined ? { kind: 'me' } : { kind: 'talk', conversation: item.conversation };
}

/** Names a page in lists and keys. */
export function viewKey(view: PeopleView): string {
  return view.kind === 'talk' ? JSON.stringify(view.conversation) : view.kind;
}

/** `1:05`: how long until `untilMs`; never below zero. */
export function remainingText(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
