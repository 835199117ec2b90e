/**
 * Who there is and what they are called: names fit to be drawn, the list of conversations, the page that is shown.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { NetworkFinding } from '../../../overlay/ipc/index.ts';
import { byteCount, cutToBytes } from '../../../overlay/ui/people/byte-count.ts';
import {
  agoText,
  connectionText,
  conversationKey,
  conversationOf,
  hasConversation,
  latestConversation,
  nameOfPeer,
  talkItems,
  titleOf,
  unreadCount,
} from '../../../overlay/ui/people/conversations.ts';
import { networkText, sortFindings } from '../../../overlay/ui/people/network-text.ts';
import { remainingText, viewFor, viewKey } from '../../../overlay/ui/people/people-view.ts';
import { shownName } from '../../../overlay/ui/people/shown-name.ts';
import { contact, nowMs, peerId, peopleState, received, request, room, strangeText } from './people.ts';

for (const [what, name, shown] of [
  ['a plain name stays', 'Ana', 'Ana'],
  ['blanks around it go, inside they become one', '  Ana \t\n Lee ', 'Ana Lee'],
  ['an override of direction goes', 'Ana\u202egpj', 'Ana gpj'],
  ['isolates that are never closed go', '\u2067Ana', 'Ana'],
  ['a name of nothing to be seen is none', '\u200b\u3164\u2060', 'No name'],
  ['a joiner alone is none', '\u200d\u200d', 'No name'],
  ['an empty name is none', '', 'No name'],
  ['right-to-left names stay', 'שלום', 'שלום'],
  ['joined signs stay whole', '👩‍🚀', '👩‍🚀'],
  ['a tower of marks is cut', `a${'\u0301'.repeat(60)}`, `a${'\u0301'.repeat(4)}`],
  ['markup is a name like any other', '<img src=x>', '<img src=x>'],
] as const) {
  test(`a name to be drawn: ${what}`, () => assert.equal(shownName(name), shown));
}

test('no name is drawn empty, in two lines, or with its own direction', () => {
  fc.assert(
    fc.property(strangeText(40), (name) => {
      const shown = shownName(name);
      assert.notEqual(shown.trim(), '');
      assert.doesNotMatch(shown, /[\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      assert.equal(shownName(shown), shown);
    }),
  );
});

test('a text cut to bytes never breaks a letter and never exceeds its bound', () => {
  assert.equal(cutToBytes('añb', 3), 'añ');
  assert.equal(cutToBytes('añb', 2), 'a');
  assert.equal(cutToBytes('a👩‍🚀b', 6), 'a');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(80), (text, limit) => {
      const cut = cutToBytes(text, limit);
      assert.ok(byteCount(cut) <= limit);
      assert.ok(text.startsWith(cut));
      assert.equal(cutToBytes(cut, limit), cut);
    }),
  );
});

test('the conversation written in last comes first, then who is connected, then names; blocked people are not listed', () => {
  const people = peopleState({
    contacts: [
      contact(1, { name: 'Zoe' }),
      contact(2, { name: 'Bo', state: 'connected' }),
      contact(3, { name: 'Ana' }),
      contact(4, { name: 'Old', lastMessageMs: nowMs - 5_000 }),
      contact(5, { name: 'Gone', blocked: true, unshown: 7, lastMessageMs: nowMs }),
    ],
    rooms: [room('r', [1, 2], { lastMessageMs: nowMs - 1_000, unshown: 2 })],
  });
  assert.deepEqual(
    talkItems(people).map(({ title }) => title),
    ['Room r', 'Old', 'Bo', 'Ana', 'Zoe'],
  );
  assert.deepEqual(latestConversation(people), { kind: 'room', room: 'r' });
  assert.equal(unreadCount(people), 2);
  assert.equal(hasConversation(people, { kind: 'peer', peer: peerId(5) }), false);
  assert.equal(hasConversation(people, null), false);
});

test('without anybody there is no conversation to answer in', () => {
  assert.equal(latestConversation(peopleState()), null);
  assert.equal(unreadCount(peopleState()), 0);
});

test('a person and a room of the same id are two conversations', () => {
  const id = peerId(1);
  assert.notEqual(conversationKey({ kind: 'peer', peer: id }), conversationKey({ kind: 'room', room: id }));
});

test('a message belongs to its room, else to its person, else nowhere', () => {
  assert.deepEqual(conversationOf(received(1, 4)), { kind: 'peer', peer: peerId(4) });
  assert.deepEqual(conversationOf(received(1, 4, { room: 'r', peer: null })), { kind: 'room', room: 'r' });
  assert.equal(conversationOf(received(1, 4, { peer: null })), null);
});

test('somebody who is no contact is said to be none, with the first digits of the key', () => {
  assert.equal(nameOfPeer(peopleState({ contacts: [contact(1, { name: 'Ana' })] }), peerId(1)), 'Ana');
  assert.equal(nameOfPeer(peopleState(), peerId(0xabc)), 'Not a contact (00000abc)');
  assert.equal(nameOfPeer(null, peerId(1)), 'Not a contact (00000001)');
  assert.equal(titleOf(peopleState(), { kind: 'room', room: 'gone' }), 'A room');
});

test('a connection is said in words', () => {
  const away = { state: 'away', lastSeenMs: nowMs - 7_200_000 } as const;
  assert.equal(connectionText(away, nowMs), 'away, seen 2 h ago');
  assert.equal(connectionText({ state: 'away', lastSeenMs: null }, nowMs), 'away, never seen yet');
  assert.equal(connectionText({ state: 'connected', lastSeenMs: nowMs }, nowMs), 'connected');
  assert.equal(connectionText({ state: 'connecting', lastSeenMs: null }, nowMs), 'connecting…');
});

test('how long ago is said in its largest unit; a time ahead is just now', () => {
  assert.deepEqual(
    [-90_000, 30_000, 300_000, 86_400_000, 3 * 86_400_000].map((agoMs) => agoText(nowMs - agoMs, nowMs)),
    ['just now', 'just now', '5 min ago', '1 day ago', '3 days ago'],
  );
});

test('the panel begins with requests, then what is unread, then the last conversation, then the own code', () => {
  const quiet = contact(1, { lastMessageMs: nowMs });
  const unread = contact(2, { unshown: 1 });
  const asked = peopleState({ contacts: [quiet, unread], requests: [request(3)] });
  assert.deepEqual(viewFor(asked, null), { kind: 'requests' });
  const none = peopleState({ contacts: [quiet, unread] });
  assert.deepEqual(viewFor(none, null), { kind: 'talk', conversation: { kind: 'peer', peer: unread.peer } });
  const read = peopleState({ contacts: [quiet] });
  assert.deepEqual(viewFor(read, null), { kind: 'talk', conversation: { kind: 'peer', peer: quiet.peer } });
  assert.deepEqual(viewFor(peopleState(), null), { kind: 'me' });
});

test('the chosen page stays while there is such, and gives way when its contact, room or requests are gone', () => {
  const people = peopleState({ contacts: [contact(1)], rooms: [room('r', [1])] });
  const talk = { kind: 'talk', conversation: { kind: 'peer', peer: peerId(1) } } as const;
  const inRoom = { kind: 'talk', conversation: { kind: 'room', room: 'r' } } as const;
  for (const view of [talk, inRoom, { kind: 'add' }, { kind: 'me' }, { kind: 'nearby' }, { kind: 'room' }] as const) {
    assert.deepEqual(viewFor(people, view), view);
  }
  assert.deepEqual(viewFor(peopleState(), talk), { kind: 'me' });
  assert.deepEqual(viewFor(peopleState(), inRoom), { kind: 'me' });
  assert.deepEqual(viewFor(peopleState(), { kind: 'requests' }), { kind: 'me' });
  assert.notEqual(viewKey(talk), viewKey(inRoom));
});

test('what remains is counted in minutes and seconds and never below zero', () => {
  assert.deepEqual(
    [120_000, 65_000, 59_001, 900, 0, -5].map((leftMs) => remainingText(nowMs + leftMs, nowMs)),
    ['2:00', '1:05', '1:00', '0:01', '0:00', '0:00'],
  );
});

test('the network is said in words, its own sentence first', () => {
  assert.deepEqual(networkText({ kind: 'on', sessionPort: 41975, message: null }), {
    tone: 'good',
    text: 'On, UDP port 41975',
  });
  assert.equal(networkText({ kind: 'on', sessionPort: 41975, message: 'No multicast.' }).tone, 'warn');
  assert.deepEqual(networkText({ kind: 'failed', sessionPort: null, message: 'No port is free.' }), {
    tone: 'error',
    text: 'No port is free.',
  });
  assert.equal(networkText({ kind: 'starting', sessionPort: null, message: null }).text, 'Network is starting');
  assert.equal(networkText({ kind: 'off', sessionPort: null, message: null }).text, 'Network is off');
});

function finding(kind: string, severity: NetworkFinding['severity']): NetworkFinding {
  return { kind, severity, message: kind };
}

test('the gravest finding of the network check comes first, alike ones stay in order', () => {
  const sorted = sortFindings([finding('a', 'ok'), finding('b', 'warn'), finding('c', 'error'), finding('d', 'warn')]);
  assert.deepEqual(
    sorted.map(({ kind }) => kind),
    ['c', 'b', 'd', 'a'],
  );
});
