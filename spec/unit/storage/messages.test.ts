/** Messages between people: conversations, pages, states, rooms, what is unread, and the count of a peer's messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, Log, LogMessage, MessageEntry, MessageState, RoomEntry } from '../../../storage/index.ts';
import { EntryMaker, find, mustAppend, mustOpen } from './log-kit.ts';
import { inEachWay } from './log-ways.ts';
import { MemoryDisk } from './memory-disk.ts';
import { peerId, roomId } from './peer-kit.ts';

const folder = '/log';
const [ann, bob] = [peerId('Ann'), peerId('Bob')];
const room = roomId('team');

/** Makes messages with ids that count up. */
class Post {
  readonly make = new EntryMaker();

  #message(part: Partial<MessageEntry>): MessageEntry {
    const made = {
      kind: 'message',
      id: this.make.id(),
      atMs: 1_000,
      peer: null,
      room: null,
      from: null,
      text: '',
      seq: 0,
    } as const;
    return { ...made, ...part };
  }

  to(peer: string, text: string, seq = 1): MessageEntry {
    return this.#message({ peer, text, seq });
  }

  of(peer: string, text: string, seq: number): MessageEntry {
    return this.#message({ peer, from: peer, text, seq });
  }

  toRoom(text: string): MessageEntry {
    return this.#message({ room, text });
  }

  ofRoom(peer: string, text: string, seq: number): MessageEntry {
    return this.#message({ peer, from: peer, room, text, seq });
  }

  state(of: MessageEntry, peer: string, state: MessageState): Entry {
    return { kind: 'message-state', id: this.make.id(), of: of.id, peer, atMs: 2_000, state };
  }

  room(title: string, members: readonly string[], maker: string | null): RoomEntry {
    return { kind: 'room', id: this.make.id(), atMs: 3_000, room, title, members, maker };
  }
}

const texts = (messages: readonly LogMessage[]) => messages.map(({ text }) => text);

function conversationsOf(log: Log) {
  return log
    .conversations()
    .map(({ peer, room: of, title, last, count, unshown }) => ({ peer, of, title, last: last?.text, count, unshown }));
}

test('a conversation is one per peer and room, in the order of the journal, with how far each message came', async () => {
  const post = new Post();
  const [hi, hello] = [post.to(ann, 'hi', 1), post.of(ann, 'hello', 1)];
  const all = post.toRoom('all here?');
  const entries: readonly Entry[] = [
    hi,
    post.room('The team', [ann, bob], null),
    hello,
    post.state(hi, ann, 'received'),
    post.state(hi, ann, 'kept'),
    all,
    post.state(all, bob, 'kept'),
    post.state(all, ann, 'shown'),
    post.ofRoom(bob, 'here', 1),
    post.state(all, ann, 'received'),
    post.of(bob, 'yo', 2),
  ];
  await inEachWay(entries, (log, way) => {
    const withAnn = log.messages({ peer: ann }, { limit: 10 });
    assert.deepEqual(
      withAnn,
      [
        {
          id: hi.id,
          atMs: 1_000,
          peer: ann,
          room: null,
          from: null,
          text: 'hi',
          seq: 1,
          states: [{ peer: ann, state: 'kept' }],
        },
        { id: hello.id, atMs: 1_000, peer: ann, room: null, from: ann, text: 'hello', seq: 1, states: [] },
      ],
      way,
    );
    const inRoom = log.messages({ room }, { limit: 10 });
    assert.deepEqual(texts(inRoom), ['all here?', 'here']);
    const reached = [
      { peer: ann, state: 'shown' as const },
      { peer: bob, state: 'kept' as const },
    ].sort((a, b) => (a.peer < b.peer ? -1 : 1));
    assert.deepEqual(inRoom[0]?.states, reached);
    assert.deepEqual(conversationsOf(log), [
      { peer: bob, of: null, title: null, last: 'yo', count: 1, unshown: 1 },
      { peer: null, of: room, title: 'The team', last: 'here', count: 2, unshown: 1 },
      { peer: ann, of: null, title: null, last: 'hello', count: 2, unshown: 1 },
    ]);
    assert.deepEqual(log.messages({ peer: peerId('Cid') }, { limit: 10 }), []);
    assert.deepEqual(find(log, ''), [], 'messages are no lines');
  });
});

test('what was shown is unread no more, also where the state came first, and once only', async () => {
  const post = new Post();
  const [one, two, three] = [post.of(ann, 'one', 1), post.of(ann, 'two', 2), post.of(ann, 'three', 3)];
  const entries: readonly Entry[] = [
    post.state(two, ann, 'shown'),
    one,
    two,
    three,
    post.state(one, ann, 'kept'),
    post.state(one, ann, 'shown'),
    post.state(one, ann, 'shown'),
    post.state(three, bob, 'shown'),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(
      conversationsOf(log),
      [{ peer: ann, of: null, title: null, last: 'three', count: 3, unshown: 1 }],
      way,
    );
  });
});

test('pages follow each other without a gap or a repeat while messages arrive', async () => {
  const post = new Post();
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  const sent = Array.from({ length: 57 }, (_, at) => post.to(ann, `message ${at}`, at + 1));
  await mustAppend(log, sent);
  const pages: string[][] = [];
  let page = log.messages({ peer: ann }, { limit: 10 });
  while (page.length > 0) {
    pages.unshift([...texts(page)]);
    await mustAppend(log, [post.of(ann, 'later', pages.length)]);
    const [first] = page;
    page = first === undefined ? [] : log.messages({ peer: ann }, { before: first.id, limit: 10 });
  }
  assert.deepEqual(
    pages.flat(),
    sent.map(({ text }) => text),
  );
  assert.deepEqual(log.messages({ peer: ann }, { before: post.make.id(), limit: 10 }), []);
  for (const limit of [0, 1.5, 1_001]) assert.throws(() => log.messages({ peer: ann }, { limit }), RangeError);
});

test("a peer's count goes up with what is kept of it, in rooms too, and stays after a restart", async () => {
  const post = new Post();
  const first = post.of(ann, 'one', 1);
  const entries: readonly Entry[] = [
    first,
    post.ofRoom(ann, 'two', 2),
    post.to(ann, 'mine', 40),
    post.of(bob, 'other', 9),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual([log.lastSeq(ann), log.lastSeq(bob), log.lastSeq(peerId('Cid'))], [2, 9, 0], way);
  });
});

test('a message that comes again is there once; a known id with a new number counts and says nothing', async () => {
  const post = new Post();
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  const message = post.of(ann, 'once', 1);
  await Promise.all([log.append([message]), log.append([message])]);
  await mustAppend(log, [message]);
  assert.equal((await log.verify()).records, 1);
  await mustAppend(log, [{ ...message, text: 'twice', seq: 2 }]);
  assert.deepEqual(texts(log.messages({ peer: ann }, { limit: 10 })), ['once']);
  assert.equal(log.lastSeq(ann), 2);
  assert.equal(log.conversations()[0]?.count, 1);
});

test("a room reads as its maker's latest, and stays its maker's", async () => {
  const post = new Post();
  const entries = [post.room('first', [ann], ann), post.room('stolen', [bob], bob), post.room('mine', [], null)];
  await inEachWay([...entries, post.room('second', [ann, bob], ann)], (log, way) => {
    assert.deepEqual(log.rooms(), [{ room, title: 'second', members: [ann, bob], maker: ann, atMs: 3_000 }], way);
    assert.deepEqual(conversationsOf(log), [
      { peer: null, of: room, title: 'second', last: undefined, count: 0, unshown: 0 },
    ]);
  });
});

test('a deleted message is not shown, counted or found, and does not come back', async () => {
  const post = new Post();
  const [stays, goes] = [post.of(ann, 'stays', 1), post.of(ann, 'goes', 2)];
  const gone = { kind: 'tombstone', id: post.make.id(), of: goes.id, atMs: 5 } as const;
  await inEachWay([stays, goes, gone, goes], (log, way) => {
    assert.deepEqual(texts(log.messages({ peer: ann }, { limit: 10 })), ['stays'], way);
    assert.deepEqual(conversationsOf(log), [{ peer: ann, of: null, title: null, last: 'stays', count: 1, unshown: 1 }]);
    const found = log.searchMessages('goes', 10);
    assert.ok(found.ok && found.value.length === 0);
  });
});

test('messages are searched by words, newest first', async () => {
  const post = new Post();
  const entries = [
    post.to(ann, 'meet at the Café, he11o'),
    { ...post.of(bob, 'the café is closed', 1), atMs: 9_000 },
    post.toRoom('k/d 2.5 ^^'),
    post.of(bob, 'nothing', 2),
  ];
  await inEachWay(entries, (log, way) => {
    const search = (query: string) => {
      const found = log.searchMessages(query, 10);
      assert.ok(found.ok, found.ok ? '' : found.error.message);
      return texts(found.value);
    };
    assert.deepEqual(search('cafe'), ['the café is closed', 'meet at the Café, he11o'], way);
    assert.deepEqual(search('cafe -closed'), ['meet at the Café, he11o']);
    assert.deepEqual(search('"the cafe" hello'), ['meet at the Café, he11o']);
    assert.deepEqual(search('k/d'), ['k/d 2.5 ^^']);
    assert.deepEqual(search('^^'), ['k/d 2.5 ^^']);
    assert.equal(search('').length, 4);
    for (const query of ['from:bob', 'in:quake', 'by:me', 'has:link', 'before:yesterday']) {
      const refused = log.searchMessages(query, 10);
      assert.ok(!refused.ok && refused.error.kind === 'bad-query', query);
    }
    assert.throws(() => log.searchMessages('x', 0), RangeError);
  });
});

test('a message or room that breaks the bounds is a mistake', async () => {
  const post = new Post();
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  const message = post.of(ann, 'fine', 1);
  const wrong: readonly Entry[] = [
    { ...message, text: '' },
    { ...message, text: 'x'.repeat(4_001) },
    { ...message, seq: -1 },
    { ...message, seq: 1.5 },
    { ...message, peer: 'ann' },
    { ...message, peer: null },
    { ...message, from: bob },
    { ...message, peer: null, from: null },
    { ...message, room: 'x' },
    { ...post.room('x'.repeat(101), [], null) },
    {
      ...post.room(
        '',
        Array.from({ length: 33 }, () => ann),
        null,
      ),
    },
    { ...post.room('', ['bob'], null) },
  ];
  for (const entry of wrong) await assert.rejects(log.append([entry]), RangeError, JSON.stringify(entry).slice(0, 200));
  await mustAppend(log, [
    { ...message, text: 'x'.repeat(4_000) },
    post.room(
      '',
      Array.from({ length: 32 }, () => ann),
      ann,
    ),
  ]);
});

test('one message is found by its id, with its states, until it is deleted', async () => {
  const post = new Post();
  const hi = post.to(ann, 'hi', 1);
  const kept = post.state(hi, ann, 'kept');
  const gone: Entry = { kind: 'tombstone', id: post.make.id(), of: hi.id, atMs: 4_000 };
  await inEachWay([hi, kept], (log) => {
    assert.deepEqual(log.message(hi.id)?.states, [{ peer: ann, state: 'kept' }]);
    assert.equal(log.message(post.of(ann, 'never kept', 1).id), null);
  });
  await inEachWay([hi, gone], (log) => assert.equal(log.message(hi.id), null));
});
