/** Where contacts were heard last: known at once, written now and then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINTS_LIMIT } from '../../../../net/contacts/index.ts';
import { errorOf, startMs, valueOf } from '../people-kit.ts';
import { openBook, reopen, requestFrom, storeWithIdentity, stranger } from './contact-kit.ts';
import type { Owner } from './contact-kit.ts';

const [ann, bob] = [stranger('ann'), stranger('bob')];
const at = (host: number) => ({ address: `10.0.0.${host}`, port: 41_975 });

async function open(): Promise<Owner> {
  const owner = await openBook(storeWithIdentity());
  for (const peer of [ann, bob]) {
    valueOf(await owner.book.receiveRequest(requestFrom(peer)));
    valueOf(await owner.book.accept(peer));
  }
  return owner;
}

function hostsOf(owner: Owner, peer = ann): readonly number[] {
  return (owner.book.contact(peer)?.endpoints ?? []).map(({ address }) => Number(address.split('.').at(-1)));
}

test('the latest endpoint comes first, each once, eight at most', async () => {
  const owner = await open();
  assert.equal(owner.book.contact(ann)?.lastSeenMs, null);
  for (const host of [1, 2, 3, 1]) owner.book.noteEndpoint(ann, at(host));
  assert.deepEqual(hostsOf(owner), [1, 3, 2]);
  for (let host = 10; host < 30; host += 1) owner.book.noteEndpoint(ann, at(host));
  assert.deepEqual(hostsOf(owner), [29, 28, 27, 26, 25, 24, 23, 22]);
  assert.equal(hostsOf(owner).length, ENDPOINTS_LIMIT);
  assert.deepEqual(hostsOf(owner, bob), []);
  owner.clock.pass(5);
  owner.book.noteEndpoint(ann, at(29));
  assert.equal(owner.book.contact(ann)?.lastSeenMs, startMs + 5);
});

test('a flood of packets is a write each 30 s at most, and the same endpoint hardly any', async () => {
  const owner = await open();
  const { book, clock, store } = owner;
  const before = store.writes;
  for (let packet = 0; packet < 9_000; packet += 1) {
    book.noteEndpoint(ann, at(packet % 3));
    book.noteEndpoint(bob, at(9));
    clock.pass(10);
    if (packet % 100 === 0) await Promise.resolve();
  }
  await book.flush();
  assert.ok(store.writes - before <= 4, `${store.writes - before} writes in 90 s`);
  const roamed = store.writes;
  for (let second = 0; second < 600; second += 1) {
    book.noteEndpoint(bob, at(9));
    clock.pass(1_000);
    await Promise.resolve();
  }
  await book.flush();
  assert.ok(store.writes - roamed <= 11, `${store.writes - roamed} writes in 10 min`);
});

test('what was flushed is there after a restart', async () => {
  const owner = await open();
  owner.book.noteEndpoint(ann, at(1));
  owner.book.noteEndpoint(ann, { address: 'fe80::1%eth0', port: 7 });
  owner.book.noteEndpoint(bob, at(3));
  valueOf(await owner.book.flush());
  const again = await reopen(owner);
  assert.deepEqual(again.book.contacts(), owner.book.contacts());
  const { writes } = owner.store;
  valueOf(await owner.book.flush());
  assert.equal(owner.store.writes, writes);
});

test('a write that failed is made up for by the next', async () => {
  const owner = await open();
  const { book, store } = owner;
  store.fate = () => 'fail';
  book.noteEndpoint(ann, at(1));
  assert.equal(errorOf(await book.flush()).kind, 'not-kept');
  assert.deepEqual(hostsOf(owner), [1]);
  store.fate = () => 'keep';
  valueOf(await book.flush());
  assert.deepEqual(hostsOf(await reopen(owner)), [1]);
});

test('strangers leave no trace, contacts none when they are removed, though a write of theirs was under way', async () => {
  const owner = await open();
  const { book, store } = owner;
  book.noteEndpoint(stranger('eve'), at(6));
  await book.flush();
  assert.equal(store.get(`contacts/seen/${stranger('eve')}`), null);
  store.fate = () => 'hang';
  const removal = book.remove(ann);
  // The removal is being written; for the program Ann is a contact until it is on disk.
  await Promise.resolve();
  book.noteEndpoint(ann, at(1));
  const flushed = book.flush();
  store.release();
  valueOf(await removal);
  await new Promise((resolve) => setImmediate(resolve));
  store.release();
  await flushed;
  const again = await reopen(owner);
  assert.equal(again.store.get(`contacts/seen/${ann}`), null, 'what was left over is cleared when the book is opened');
  assert.deepEqual(again.book.problems, []);
});

test('what is no endpoint is a mistake', async () => {
  const { book } = await open();
  for (const endpoint of [
    { address: 'example.org', port: 1 },
    { address: '', port: 1 },
    { address: '10.0.0.1', port: 0 },
    { address: '10.0.0.1', port: 65_536 },
    { address: `fe80::1%${'x'.repeat(200)}`, port: 1 },
  ]) {
    assert.throws(() => book.noteEndpoint(ann, endpoint), RangeError);
  }
});
