/** The disk fails, lies or loses power at every step: what the book said is kept is kept, and nothing is half done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContactBook } from '../../../../net/contacts/index.ts';
import type { ContactError } from '../../../../net/contacts/index.ts';
import type { Result } from '../../../../storage/index.ts';
import { SetClock, errorOf, seededBytes, startMs, valueOf } from '../people-kit.ts';
import {
  MemoryState,
  codeOf,
  everything,
  openBook,
  reopen,
  requestFrom,
  storeWithIdentity,
  stranger,
} from './contact-kit.ts';
import type { Owner } from './contact-kit.ts';

const [ann, bob, carol, dave] = [stranger('ann'), stranger('bob'), stranger('carol'), stranger('dave')];
type Step = (owner: Owner) => Promise<Result<unknown, ContactError>>;

/** One write each; each works whatever became of those before, or is refused. */
const steps: readonly Step[] = [
  ({ book }) => book.setName('Owner'),
  ({ book }) => book.makeToken('friends', { quota: 5 }),
  ({ book }) => book.ask(codeOf(ann), 'Hello', { alias: 'A' }),
  ({ book }) =>
    book.receiveRequest(requestFrom(bob, { name: 'Bob', token: book.tokens()[0]?.token ?? codeOf(bob).token })),
  ({ book }) => book.receiveRequest(requestFrom(carol, { name: 'Carol' })),
  ({ book }) => book.receiveRequest(requestFrom(dave, { name: 'Dave' })),
  ({ book }) => book.accept(bob),
  ({ book }) => book.decline(carol, 'once'),
  ({ book }) => book.decline(dave, 'ever'),
  ({ book }) => book.receiveRequest(requestFrom(ann, { name: 'Ann' })),
  ({ book }) => book.settleSecret(ann, 'received'),
  ({ book }) => book.settleSecret(ann, 'own'),
  ({ book }) => book.setAlias(bob, 'Bobby'),
  ({ book }) => book.setConfirmed(bob, true),
  ({ book }) => book.noteProfile(bob, { name: 'Robert', signing: seededBytes('another')(32) }),
  ({ book }) => book.adoptSigning(bob),
  ({ book }) => book.receiveRequest(requestFrom(bob, { sentMs: startMs + 9, secretOf: 'renewed' })),
  ({ book }) => book.block(carol),
  ({ book }) => book.unblock(dave),
  ({ book }) => book.ask(codeOf(dave), ''),
  ({ book }) => book.withdraw(dave),
  ({ book }) => book.remove(ann),
  ({ book }) => book.receiveRequest(requestFrom(ann, { sentMs: startMs + 9 })),
  ({ book }) => book.revokeToken(book.tokens()[0]?.token ?? codeOf(bob).token),
  ({ book }) => book.unblock(carol),
];

const open = () => openBook(storeWithIdentity());

/** What the book is after each of the steps, when nothing fails; first before all. */
async function walk(): Promise<readonly unknown[]> {
  const owner = await open();
  const states = [everything(owner)];
  for (const [index, step] of steps.entries()) {
    const { writes } = owner.store;
    valueOf(await step(owner));
    assert.equal(owner.store.writes, writes + 1, `step ${index} is one write`);
    states.push(everything(owner));
  }
  return states;
}

const states = await walk();

test('a step that failed changes nothing: not what is shown, and not what is on disk after the next write', async () => {
  for (const index of steps.keys()) {
    for (const fate of ['fail', 'refuse', 'fail-late'] as const) {
      const owner = await open();
      for (const step of steps.slice(0, index)) valueOf(await step(owner));
      const failing = owner.store.writes;
      owner.store.fate = (write) => (write === failing ? fate : 'keep');
      const error = errorOf((await steps[index]?.(owner)) ?? { ok: true, value: undefined });
      assert.equal(error.kind, 'not-kept');
      assert.match(error.message, /nothing was changed\. The disk is full\. Free some space, then try again\.$/);
      assert.deepEqual(everything(owner), states[index], `step ${index}, ${fate}`);
      const after = await reopen(owner);
      assert.deepEqual(everything(after), states[index], `step ${index}, ${fate}`);
      assert.deepEqual(after.book.problems, []);
    }
  }
});

test('power lost while a step is written leaves the book as it was before or after the step', async () => {
  for (const index of steps.keys()) {
    for (const fate of ['fail', 'fail-late'] as const) {
      const owner = await open();
      for (const step of steps.slice(0, index)) valueOf(await step(owner));
      assert.deepEqual(everything(await reopen(owner)), states[index]);
      const failing = owner.store.writes;
      // No write comes to disk after the power went.
      owner.store.fate = (write) => (write === failing ? fate : 'fail');
      await steps[index]?.(owner);
      assert.deepEqual(
        everything(await reopen(owner)),
        states[fate === 'fail' ? index : index + 1],
        `step ${index}, ${fate}`,
      );
    }
  }
});

test('with every n-th write lost, refused or reported lost, the disk comes to be what the book shows', async () => {
  for (const fate of ['fail', 'refuse', 'fail-late'] as const) {
    for (let every = 1; every <= 4; every += 1) {
      const owner = await open();
      owner.store.fate = (index) => (index % every === 0 ? fate : 'keep');
      for (const step of steps) await step(owner);
      owner.store.fate = () => 'keep';
      // What the disk owes comes with the next write, whatever that is.
      valueOf(await owner.book.setName('at last'));
      const after = await reopen(owner);
      assert.deepEqual(everything(after), everything(owner), `${fate}, every ${every}`);
      assert.deepEqual(after.book.problems, []);
    }
  }
});

test('stamps that were written beside a step that failed are not taken back with it', async () => {
  const owner = await open();
  const { book, store } = owner;
  valueOf(await book.ask(codeOf(bob), ''));
  assert.ok(await book.takeStamp(bob, 5));
  const failing = store.writes;
  store.fate = (write) => (write === failing ? 'fail' : 'keep');
  const withdrawing = book.withdraw(bob);
  while (store.writes === failing) await Promise.resolve();
  const taking = book.takeStamp(bob, 9);
  assert.equal(errorOf(await withdrawing).kind, 'not-kept');
  assert.equal(await taking, true);
  const after = await reopen(owner);
  assert.deepEqual([await after.book.takeStamp(bob, 9), await after.book.takeStamp(bob, 10)], [false, true]);
  assert.equal(after.book.asked().length, 1);
});

test('an identity that is on no disk is not taken for one that is', async () => {
  const store = new MemoryState();
  store.fate = () => 'fail';
  const random = seededBytes('first');
  const error = errorOf(await ContactBook.open({ store, random, clock: new SetClock() }));
  assert.equal(error.kind, 'not-kept');
  store.fate = () => 'keep';
  const owner = await openBook(store);
  assert.deepEqual(everything(await reopen(owner)), everything(owner));
});

test('nothing is shown as kept before the disk has it, and what waits comes in order', async () => {
  const owner = await open();
  const { book, store } = owner;
  let changes = 0;
  valueOf(await book.receiveRequest(requestFrom(bob)));
  store.fate = () => 'hang';
  const accepted = book.accept(bob).then((result) => {
    changes += 1;
    return result;
  });
  // Decided on what is on disk by then: Bob is a contact.
  const aliased = book.setAlias(bob, 'Bobby');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([changes, book.contacts(), book.waiting().length], [0, [], 1]);
  assert.deepEqual(everything(await reopen(owner)), everything(owner));
  store.fate = () => 'keep';
  store.release();
  valueOf(await accepted);
  valueOf(await aliased);
  assert.equal(book.contact(bob)?.alias, 'Bobby');
});

test('while the disk hangs, no more than 256 decisions wait, and the others are told', async () => {
  const owner = await open();
  owner.store.fate = () => 'hang';
  const waiting = Array.from({ length: 256 }, (_, index) => owner.book.setName(`name ${index}`));
  const error = errorOf(await owner.book.setName('one more'));
  assert.equal(error.kind, 'busy');
  assert.match(error.message, /^The disk does not keep up.*Try again later\.$/);
  owner.store.fate = () => 'keep';
  await new Promise((resolve) => setImmediate(resolve));
  owner.store.release();
  for (const result of await Promise.all(waiting)) valueOf(result);
  assert.equal(owner.book.name, 'name 255');
});

test('a mistake in one call does not hold up the next', async () => {
  const owner = await open();
  valueOf(await owner.book.receiveRequest(requestFrom(bob)));
  await assert.rejects(owner.book.receiveRequest(requestFrom(carol, { secret: new Uint8Array(3) })), RangeError);
  valueOf(await owner.book.accept(bob));
  assert.deepEqual(everything(await reopen(owner)), everything(owner));
});
