/** Stamps: what is sent grows, what is taken grows, whatever clocks, disks and power do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { STAMP_BLOCK } from '../../../../net/contacts/index.ts';
import { errorOf, startMs, valueOf } from '../people-kit.ts';
import { codeOf, openBook, reopen, storeWithIdentity, stranger } from './contact-kit.ts';
import type { Owner } from './contact-kit.ts';

const [ann, bob] = [stranger('ann'), stranger('bob')];

/** Ann and Bob were asked: both may be sent to and heard. */
async function open(): Promise<Owner> {
  const owner = await openBook(storeWithIdentity());
  for (const peer of [ann, bob]) valueOf(await owner.book.ask(codeOf(peer), ''));
  return owner;
}

async function send({ book }: Owner, unixMs: number, peer = ann): Promise<number> {
  return valueOf(await book.stampToSend(peer, unixMs));
}

test('a stamp is the time, or one more than the last', async () => {
  const owner = await open();
  assert.equal(await send(owner, startMs), startMs);
  assert.equal(await send(owner, startMs), startMs + 1);
  assert.equal(await send(owner, startMs - 1_000_000), startMs + 2);
  assert.equal(await send(owner, startMs + 500.7), startMs + 500);
  assert.equal(await send(owner, startMs, bob), startMs, 'each peer has its own');
});

test('stamps grow over every walk of the clock and every power cut, and are on disk before they are used', async () => {
  const step = fc.record({ ms: fc.integer({ min: -200_000, max: 200_000 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let owner = await open();
      let last = -1;
      let nowMs = startMs;
      for (const { ms, cut } of steps) {
        nowMs += ms;
        const stamp = await send(owner, nowMs);
        assert.ok(stamp > last && stamp >= nowMs);
        assert.ok(Number(owner.store.crash().get(`contacts/stamp-out/${ann}`)) >= stamp);
        last = stamp;
        if (cut) owner = await reopen(owner);
      }
    }),
    { numRuns: 20 },
  );
});

test('calls at once get distinct stamps by one write, and a write lasts for a minute of them', async () => {
  const owner = await open();
  const { writes } = owner.store;
  const stamps = await Promise.all(Array.from({ length: 50 }, () => send(owner, startMs)));
  assert.deepEqual(
    stamps,
    Array.from({ length: 50 }, (_, index) => startMs + index),
  );
  assert.equal(owner.store.writes, writes + 1);
  for (let atMs = 0; atMs < STAMP_BLOCK; atMs += 5_000) await send(owner, startMs + atMs);
  assert.equal(owner.store.writes, writes + 1);
  await send(owner, startMs + STAMP_BLOCK + 1);
  assert.equal(owner.store.writes, writes + 2);
});

test('a stamp that the disk does not keep is not handed out, and the next ones go on when it does', async () => {
  const owner = await open();
  const { store, book } = owner;
  for (const [index, fate] of (['fail', 'refuse', 'fail-late'] as const).entries()) {
    const nowMs = startMs + index * 10 * STAMP_BLOCK;
    store.fate = () => fate;
    const refused = await Promise.all([book.stampToSend(ann, nowMs), book.stampToSend(ann, nowMs)]);
    for (const result of refused) assert.equal(errorOf(result).kind, 'not-kept');
    store.fate = () => 'keep';
    const stamp = await send(owner, nowMs);
    assert.ok(stamp > nowMs);
    assert.ok((await send(await reopen(owner), 0)) > stamp);
  }
});

test('a clock out of all bounds does not use up the numbers', async () => {
  const owner = await open();
  const late = await send(owner, Number.MAX_VALUE);
  assert.equal(late, 2 ** 48);
  assert.equal(await send(owner, startMs), late + 1);
  assert.ok((await send(await reopen(owner), startMs)) <= late + 1 + STAMP_BLOCK + 1);
  assert.equal(await send(owner, startMs, bob), startMs);
  await assert.rejects(owner.book.stampToSend(bob, Number.NaN), RangeError);
});

test('a stamp is taken once, and nothing that is not greater, also after a power cut', async () => {
  const owner = await open();
  const { book } = owner;
  assert.deepEqual(
    [await book.takeStamp(ann, 5), await book.takeStamp(ann, 5), await book.takeStamp(ann, 4)],
    [true, false, false],
  );
  assert.equal(await book.takeStamp(bob, 5), true);
  const again = await reopen(owner);
  assert.deepEqual([await again.book.takeStamp(ann, 5), await again.book.takeStamp(ann, 6)], [false, true]);
});

test('of stamps that come at once each one that is taken is greater than those before, and is on disk', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 20 }), async (stamps) => {
      const owner = await open();
      const taken = await Promise.all(stamps.map((stamp) => owner.book.takeStamp(ann, stamp)));
      const expected = stamps.map((stamp, index) => stamps.slice(0, index).every((before) => before < stamp));
      assert.deepEqual(taken, expected);
      assert.equal(owner.store.crash().get(`contacts/stamp-in/${ann}`), String(Math.max(...stamps)));
    }),
    { numRuns: 20 },
  );
});

test('a stamp is not taken before it is on disk', async () => {
  const owner = await open();
  const { book, store } = owner;
  store.fate = () => 'hang';
  let taken: boolean | null = null;
  const take = book.takeStamp(ann, 7).then((answer) => (taken = answer));
  assert.equal(await book.takeStamp(ann, 7), false, 'a replay does not wait');
  assert.equal(taken, null);
  assert.equal(store.crash().get(`contacts/stamp-in/${ann}`), null);
  store.release();
  await take;
  assert.equal(taken, true);
  assert.equal(store.crash().get(`contacts/stamp-in/${ann}`), '7');
});

test('a stamp that the disk does not keep is not taken, a greater one later is', async () => {
  const owner = await open();
  const { book, store } = owner;
  for (const [index, fate] of (['fail', 'refuse', 'fail-late'] as const).entries()) {
    store.fate = () => fate;
    assert.equal(await book.takeStamp(ann, 10 * index + 7), false);
    store.fate = () => 'keep';
    assert.equal(await book.takeStamp(ann, 10 * index + 7), false);
    assert.equal(await book.takeStamp(ann, 10 * index + 8), true);
  }
});

test('a disk that hangs does not make stamps pile up', async () => {
  const owner = await open();
  const { book, store } = owner;
  store.fate = () => 'hang';
  const waiting = Array.from({ length: 300 }, (_, index) => book.takeStamp(ann, index + 1));
  const busy = await book.stampToSend(bob, startMs);
  assert.equal(errorOf(busy).kind, 'busy');
  store.release();
  assert.equal((await Promise.all(waiting)).filter(Boolean).length, 256);
});

test('strangers and numbers that are none are not taken', async () => {
  const { book } = await open();
  assert.equal(await book.takeStamp(stranger('carol'), 1), false);
  for (const stamp of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(await book.takeStamp(ann, stamp), false);
  }
  assert.equal(await book.takeStamp(ann, 2 ** 53 - 1), true);
  assert.equal(errorOf(await book.stampToSend(stranger('carol'), 1)).kind, 'not-found');
});
