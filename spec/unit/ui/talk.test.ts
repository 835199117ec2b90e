/**
 * A conversation as the screen holds it: pages, what arrives meanwhile, rows, and how far a message got.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ConnectionState, Message, PeopleState } from '../../../overlay/ipc/index.ts';
import { deliveryOf } from '../../../overlay/ui/people/delivery.ts';
import { lengthText } from '../../../overlay/ui/people/message-length.ts';
import { buildTalkRows } from '../../../overlay/ui/people/talk-rows.ts';
import { canLoadOlder, emptyTalk, messageCapacity, reduceTalk } from '../../../overlay/ui/people/talk-state.ts';
import type { TalkAction, TalkState } from '../../../overlay/ui/people/talk-state.ts';
import { localDay } from '../../../overlay/ui/screen/clock-text.ts';
import { contact, peerId, peopleState, received, written } from './people.ts';

const ana = { kind: 'peer', peer: peerId(1) } as const;
const open: TalkAction = { kind: 'open', serial: 1, conversation: ana };

function after(...actions: readonly TalkAction[]): TalkState {
  return actions.reduce(reduceTalk, emptyTalk);
}

function page(
  messages: readonly Message[],
  part: { more?: boolean; first?: boolean; serial?: number } = {},
): TalkAction {
  return { kind: 'page', serial: 1, messages, more: false, first: true, ...part };
}

function ids(state: TalkState): readonly string[] {
  return state.messages.map(({ id }) => id);
}

function range(from: number, to: number): readonly Message[] {
  return Array.from({ length: to - from }, (_, index) => received(from + index, 1, { shown: true }));
}

test('older pages go before what is there, and nothing stands twice', () => {
  const state = after(
    open,
    page(range(10, 13), { more: true }),
    { kind: 'older' },
    page(range(8, 11), { first: false }),
  );
  assert.deepEqual(ids(state), ['m8', 'm9', 'm10', 'm11', 'm12']);
  assert.equal(state.phase, 'ready');
  assert.equal(canLoadOlder(state), false);
});

test('an answer to an earlier question is dropped', () => {
  const state = after(open, page(range(1, 3), { serial: 7 }));
  assert.deepEqual(ids(state), []);
  assert.equal(state.phase, 'loading');
  assert.equal(reduceTalk(state, { kind: 'failed', serial: 7, message: 'x' }).phase, 'loading');
});

test('a message that arrives while the first page is under way stands after it, once', () => {
  const late: TalkAction = { kind: 'message', message: received(9) };
  assert.deepEqual(ids(after(open, late, page(range(1, 4)))), ['m1', 'm2', 'm3', 'm9']);
  assert.deepEqual(ids(after(open, late, page([...range(1, 4), received(9)]))), ['m1', 'm2', 'm3', 'm9']);
});

test('a changed message is changed in its place; one of an older page waits for that page', () => {
  const state = after(open, page(range(5, 8), { more: true }));
  const changed = reduceTalk(state, { kind: 'message', message: received(6, 1, { text: 'better' }) });
  assert.deepEqual(
    changed.messages.map(({ text }) => text),
    ['text 5', 'better', 'text 7'],
  );
  assert.deepEqual(ids(reduceTalk(state, { kind: 'message', message: written(2) })), ids(state));
});

test('messages of other conversations stay out', () => {
  const state = after(open, page(range(1, 2)), { kind: 'message', message: received(5, 2) });
  assert.deepEqual(ids(state), ['m1']);
  const inRoom = { kind: 'message', message: received(6, 1, { room: 'r', peer: null }) } as const;
  assert.deepEqual(ids(reduceTalk(state, inRoom)), ['m1']);
});

test('what was unread when the conversation was opened is marked; what arrives later is not', () => {
  const state = after(open, page([...range(1, 3), received(3), received(4)]));
  assert.equal(state.firstUnread, 'm3');
  const later = after(open, page(range(1, 3)), { kind: 'message', message: received(9) });
  assert.equal(later.firstUnread, null);
});

test('the list is bounded: the oldest are let go and may be asked for again', () => {
  const full = after(open, page(range(0, messageCapacity)));
  const state = reduceTalk(full, { kind: 'message', message: received(messageCapacity + 1) });
  assert.equal(state.messages.length, messageCapacity);
  assert.equal(state.more, true);
  assert.equal(state.messages[0]?.id, 'm1');
  assert.equal(canLoadOlder(state), false);
});

test('a failure keeps what is there and says why; opening begins anew', () => {
  const failed = after(open, page(range(1, 3)), { kind: 'failed', serial: 1, message: 'The disk is full.' });
  assert.deepEqual([failed.phase, failed.problem, failed.messages.length], ['failed', 'The disk is full.', 2]);
  const again = reduceTalk(failed, { ...open, serial: 2 });
  assert.deepEqual([again.phase, again.problem, again.messages.length], ['loading', null, 0]);
});

test('whatever arrives in whatever order, no message stands twice', () => {
  const action = fc.oneof(
    fc.nat(12).map((number): TalkAction => ({ kind: 'message', message: received(number) })),
    fc
      .tuple(fc.nat(12), fc.nat(4), fc.boolean(), fc.boolean())
      .map(([from, count, more, first]): TalkAction => page(range(from, from + count), { more, first })),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      const held = ids(after(open, ...actions));
      assert.equal(new Set(held).size, held.length);
    }),
  );
});

test('a line stands before each day, a mark before what is unread, a name where another begins or a pause was', () => {
  const dayMs = 86_400_000;
  const messages = [
    received(1),
    received(2),
    written(3),
    written(4, 1, { atMs: received(4).atMs + 20 * 60_000 }),
    received(5, 1, { atMs: received(5).atMs + dayMs }),
  ];
  const rows = buildTalkRows(messages, 'm2', localDay);
  assert.deepEqual(
    rows.map((row) => (row.kind === 'message' ? `${row.message.id}${row.leads ? ' leads' : ''}` : row.kind)),
    ['day', 'm1 leads', 'unread', 'm2 leads', 'm3 leads', 'm4 leads', 'day', 'm5 leads'],
  );
  const together = buildTalkRows([received(1), received(2)], null, localDay);
  assert.deepEqual(
    together.map((row) => row.kind === 'message' && row.leads),
    [false, true, false],
  );
});

test('row keys are unique, also when a clock goes back and forth over midnight', () => {
  const messages = [0, 86_400_000, 0, 86_400_000].map((shift, index) =>
    received(index, 1, { atMs: received(index).atMs + shift }),
  );
  const keys = buildTalkRows(messages, null, localDay).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keys.length, 8);
});

function withAna(state: ConnectionState): PeopleState {
  return peopleState({ contacts: [contact(1, { name: 'Ana', state })] });
}

test('a message that is on its way waits while its receiver is away', () => {
  const message = written(1);
  assert.equal(deliveryOf(message, withAna('connected'))?.word, 'sent');
  const waiting = deliveryOf(message, withAna('away'));
  assert.equal(waiting?.word, 'waiting');
  assert.match(waiting?.title ?? '', /goes out as soon as \u2068Ana\u2069 can be reached/);
});

for (const state of ['received', 'kept', 'shown'] as const) {
  test(`a message that is ${state} says so, wherever the receiver is`, () => {
    const message = written(1, 1, { states: [{ peer: peerId(1), state }] });
    assert.equal(deliveryOf(message, peopleState({ contacts: [contact(1)] }))?.word, state);
    assert.equal(deliveryOf(message, null)?.sign, state);
  });
}

test('of several receivers the slowest counts, and each is named', () => {
  const people = peopleState({
    contacts: [contact(1, { name: 'Ana' }), contact(2, { name: 'Bo', state: 'connected' })],
  });
  const states = [
    { peer: peerId(1), state: 'shown' },
    { peer: peerId(2), state: 'sent' },
  ] as const;
  const delivery = deliveryOf(written(1, 1, { room: 'r', peer: null, states }), people);
  assert.deepEqual([delivery?.sign, delivery?.word], ['sent', 'shown to 1 of 2']);
  assert.equal(delivery?.title, 'Shown on the screen of \u2068Ana\u2069. Kept here and on its way to \u2068Bo\u2069');
});

test('messages of others, and those without a receiver, have no state', () => {
  assert.equal(deliveryOf(received(1), null), null);
  assert.equal(deliveryOf(written(1, 1, { states: [] }), null), null);
});

test('the composer counts only when the end is near', () => {
  assert.equal(lengthText(3_499), null);
  assert.equal(lengthText(3_900), '3,900 of 4,000');
});
