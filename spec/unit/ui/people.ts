/**
 * People and messages for tests of the screen.
 */
import * as fc from 'fast-check';
import type { Contact, Message, PeopleState, Room, WaitingRequest } from '../../../overlay/ipc/index.ts';

export const nowMs = Date.UTC(2026, 10, 24, 12);

/** The peer id whose digits begin with those of `number`. */
export function peerId(number: number): string {
  return number.toString(16).padStart(8, '0').repeat(8);
}

const words = ['anchor', 'basil', 'copper', 'daisy', 'ember', 'falcon'];

export function contact(number: number, part: Partial<Contact> = {}): Contact {
  return {
    peer: peerId(number),
    name: `Person ${number}`,
    toldName: `Person ${number}`,
    state: 'away',
    lastSeenMs: null,
    safetyWords: words,
    wordsConfirmed: false,
    warning: null,
    blocked: false,
    scopeMine: { share: 'none', sinceMs: null, games: null, channels: null },
    scopeTheirs: null,
    unshown: 0,
    lastMessageMs: null,
    audit: null,
    endpoints: [],
    ...part,
  };
}

export function room(name: string, members: readonly number[], part: Partial<Room> = {}): Room {
  return { room: name, title: `Room ${name}`, members: members.map(peerId), unshown: 0, lastMessageMs: null, ...part };
}

export function request(number: number, part: Partial<WaitingRequest> = {}): WaitingRequest {
  return {
    peer: peerId(number),
    name: `Person ${number}`,
    note: '',
    atMs: nowMs,
    safetyWords: words,
    viaLabel: 'First code',
    ...part,
  };
}

export function peopleState(part: Partial<PeopleState> = {}): PeopleState {
  return {
    me: { name: 'Robin', peerId: peerId(999), code: '', tokens: [] },
    network: { kind: 'on', sessionPort: 41975, message: null },
    contacts: [],
    requests: [],
    asked: [],
    blockedPeers: [],
    nearby: { untilMs: null, people: [] },
    rooms: [],
    ...part,
  };
}

/** Message `number` of the person `from` to the user, `number` seconds after noon. */
export function received(number: number, from = 1, part: Partial<Message> = {}): Message {
  const peer = peerId(from);
  const atMs = nowMs + number * 1_000;
  return {
    id: `m${number}`,
    atMs,
    peer,
    room: null,
    from: peer,
    text: `text ${number}`,
    states: [],
    shown: false,
    ...part,
  };
}

/** Message `number` of the user to the person `to`. */
export function written(number: number, to = 1, part: Partial<Message> = {}): Message {
  const peer = peerId(to);
  return { ...received(number, to), from: null, states: [{ peer, state: 'sent' }], shown: true, ...part };
}

/** Characters that names are attacked with: ends of lines, marks, fillers, overrides and isolates of direction. */
const strange = '\n\r\t\u0301\u00ad\u200b\u200d\u200f\u2028\u2029\u202e\u2067\u2069\u3164\ufeff'.split('');

/** Texts of any UTF-16 units, strange ones often among them; the ready-made arbitrary takes seconds to begin. */
export function strangeText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(...strange),
    fc.nat(0xff_ff).map((code) => String.fromCharCode(code)),
  );
  return fc.array(unit, { maxLength }).map((units) => units.join(''));
}
