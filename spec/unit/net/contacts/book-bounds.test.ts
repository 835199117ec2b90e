/** Lists that are full, records that cannot be read, and who is taken for whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ContactBook,
  CONTACTS_LIMIT,
  LIVE_TOKENS_LIMIT,
  TOKEN_QUOTA_DEFAULT,
  TOKEN_QUOTA_LIMIT,
  personLimits,
} from '../../../../net/contacts/index.ts';
import { TOKENS_LIMIT } from '../../../../net/contacts/token-record.ts';
import { makeRequestToken, parseCode } from '../../../../net/code/index.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { SetClock, errorOf, seededBytes, startMs, valueOf } from '../people-kit.ts';
import type { MemoryState } from './contact-kit.ts';
import { codeOf, openBook, reopen, requestFrom, storeWithIdentity, stranger } from './contact-kit.ts';

const open = () => openBook(storeWithIdentity());
const [ann, bob] = [stranger('ann'), stranger('bob')];

/** A store with `count` people in one state, as the book itself writes them. */
async function storeWith(count: number, state: 'accepted' | 'blocked' | 'declined'): Promise<MemoryState> {
  const { book, store } = await open();
  await book.receiveRequest(requestFrom(ann));
  if (state === 'accepted') await book.accept(ann);
  else if (state === 'blocked') await book.block(ann);
  else await book.decline(ann, 'once');
  const text = store.get(`contacts/person/${ann}`) ?? '';
  for (let index = 1; index < count; index += 1) {
    const peer = stranger(`${state} ${index}`);
    store.put(`contacts/person/${peer}`, text.replaceAll(String(startMs), String(startMs + index)));
  }
  return store.crash();
}

async function makeContact(book: ContactBook, peer: PeerId, name: string): Promise<void> {
  valueOf(await book.receiveRequest(requestFrom(peer, { name })));
  valueOf(await book.accept(peer));
}

test('at most 256 are contacts or asked: more are refused with a sentence, and keep waiting', async () => {
  const { book } = await openBook(await storeWith(CONTACTS_LIMIT - 1, 'accepted'));
  await book.ask(codeOf(bob), '');
  await book.receiveRequest(requestFrom(stranger('one more')));
  const error = errorOf(await book.accept(stranger('one more')));
  assert.equal(error.kind, 'full');
  assert.match(error.message, /^You have 256 contacts and open requests, and that is the most\. Remove/);
  assert.equal(errorOf(await book.ask(codeOf(stranger('another')), '')).kind, 'full');
  assert.equal(errorOf(await book.ask(codeOf(stranger('one more')), '')).kind, 'full');
  assert.equal(book.waiting().length, 1);
  // The place of who was asked is hers.
  assert.equal(valueOf(await book.receiveRequest(requestFrom(bob))).kind, 'accepted');
  assert.equal(book.contacts().length, CONTACTS_LIMIT);
  valueOf(await book.remove(ann));
  valueOf(await book.accept(stranger('one more')));
});

test('nobody is unblocked to make room for another', async () => {
  const { book } = await openBook(await storeWith(personLimits.blocked, 'blocked'));
  const error = errorOf(await book.block(bob));
  assert.equal(error.kind, 'full');
  assert.match(error.message, /so this one is not blocked\. Unblock somebody first\.$/);
  valueOf(await book.block(ann));
  valueOf(await book.unblock(ann));
  valueOf(await book.block(bob));
});

test('of those who were declined, the oldest gives way', async () => {
  const { book, clock } = await openBook(await storeWith(personLimits.declined, 'declined'));
  clock.pass(1_000_000);
  await book.receiveRequest(requestFrom(bob, { sentMs: startMs }));
  valueOf(await book.decline(bob, 'ever'));
  const refused = book.refused().map(({ peer }) => peer);
  assert.equal(refused.length, personLimits.declined);
  assert.ok(refused.includes(bob) && !refused.includes(ann));
});

test('a code is made, works, is used up, expires, is revoked', async () => {
  const owner = await open();
  const { book, clock } = owner;
  const token = valueOf(await book.makeToken(' The\u202e guild ', { quota: 2, expiresMs: startMs + 60_000 }));
  const code = valueOf(parseCode(token.code));
  assert.deepEqual(code.contactKey, new Uint8Array(book.identity.contact.publicKey));
  assert.equal(code.token, token.token);
  const shown = {
    label: 'The guild',
    createdMs: startMs,
    expiresMs: startMs + 60_000,
    quota: 2,
    used: 0,
    revoked: false,
  };
  assert.deepEqual(book.tokens(), [{ ...shown, token: token.token, code: token.code, heard: true }]);
  assert.deepEqual(book.doorTokens(), [{ token: token.token, expiresMs: startMs + 60_000 }]);
  const ask = (name: string, sentMs = startMs) =>
    book.receiveRequest(requestFrom(stranger(name), { token: token.token, sentMs }));
  assert.equal(valueOf(await ask('one')).kind, 'new');
  assert.equal(valueOf(await ask('one', startMs + 1)).kind, 'nothing');
  assert.equal(book.tokens()[0]?.used, 1, 'a repetition does not count');
  // Two that were opened before the first was counted: one comes in.
  const both = await Promise.all([ask('two'), ask('three')]);
  assert.deepEqual(
    both.map((result) => valueOf(result).kind),
    ['new', 'nothing'],
  );
  assert.deepEqual([book.tokens()[0]?.used, book.tokens()[0]?.heard, book.doorTokens()], [2, false, []]);
  assert.deepEqual((await reopen(owner)).book.tokens(), book.tokens());
  const lasting = valueOf(await book.makeToken('for ever'));
  assert.equal(lasting.quota, TOKEN_QUOTA_DEFAULT);
  clock.pass(60_000);
  assert.deepEqual(book.doorTokens(), [{ token: lasting.token, expiresMs: null }]);
  valueOf(await book.revokeToken(lasting.token));
  valueOf(await book.revokeToken(lasting.token));
  assert.deepEqual((await reopen(owner)).book.doorTokens(), []);
  assert.equal(errorOf(await book.revokeToken(makeRequestToken(seededBytes('no such')))).kind, 'not-found');
});

test('at most 16 codes work at once, and dead ones do not pile up', async () => {
  const { book, clock } = await open();
  const made: string[] = [];
  for (let index = 0; index < LIVE_TOKENS_LIMIT; index += 1) {
    made.push(valueOf(await book.makeToken(`code ${index}`)).token);
  }
  const error = errorOf(await book.makeToken('one more'));
  assert.equal(error.kind, 'full');
  assert.match(error.message, /^You have 16 codes that work, and that is the most\. Revoke one first\.$/);
  for (let index = 0; index < 100; index += 1) {
    clock.pass(1_000);
    const live = book.tokens().find(({ revoked }) => !revoked);
    assert.ok(live !== undefined);
    valueOf(await book.revokeToken(live.token));
    valueOf(await book.makeToken(`more ${index}`));
    assert.ok(book.tokens().length <= TOKENS_LIMIT);
  }
  assert.equal(book.doorTokens().length, LIVE_TOKENS_LIMIT);
});

test('quotas and expiries out of bounds are a mistake', async () => {
  const { book } = await open();
  for (const quota of [0, TOKEN_QUOTA_LIMIT + 1, 1.5, Number.NaN])
    await assert.rejects(book.makeToken('x', { quota }), RangeError);
  for (const expiresMs of [-1, 0.5, Number.POSITIVE_INFINITY]) {
    await assert.rejects(book.makeToken('x', { expiresMs }), RangeError);
  }
});

test("a stranger with a contact's name, or with a contact's signing key, is flagged", async () => {
  const { book } = await open();
  await makeContact(book, ann, 'Ann');
  valueOf(await book.setAlias(ann, 'Boss'));
  for (const [name, warnings] of [
    ['ann', ['key-changed']],
    ['Ａｎｎ', ['key-changed']],
    ['boss', ['key-changed']],
    ['Bob', []],
    ['', []],
  ] as const) {
    const peer = stranger(`claims ${name}`);
    await book.receiveRequest(requestFrom(peer, { name }));
    assert.deepEqual(book.waiting().find((waiting) => waiting.peer === peer)?.warnings, warnings, name);
  }
  const cosigner = stranger('cosigner');
  await book.receiveRequest(requestFrom(cosigner, { name: 'X', signing: seededBytes(`signing ${ann}`)(32) }));
  assert.deepEqual(book.waiting().find(({ peer }) => peer === cosigner)?.warnings, ['key-changed']);
});

test('two contacts of one name are flagged until the words of one are confirmed or it is called otherwise', async () => {
  const owner = await open();
  const { book } = owner;
  await makeContact(book, ann, 'Sam');
  assert.deepEqual(book.contact(ann)?.warnings, []);
  valueOf(await book.setConfirmed(ann, true));
  await makeContact(book, bob, 'SAM');
  assert.deepEqual([book.contact(ann)?.warnings, book.contact(bob)?.warnings], [[], ['same-name']]);
  assert.deepEqual((await reopen(owner)).book.contacts(), book.contacts());
  valueOf(await book.setConfirmed(bob, true));
  assert.deepEqual(book.contact(bob)?.warnings, []);
});

test('another signing key is a warning, and is believed only when the user says so', async () => {
  const owner = await open();
  const { book, store } = owner;
  await makeContact(book, ann, 'Ann');
  const first = seededBytes(`signing ${ann}`)(32);
  const { writes } = store;
  valueOf(await book.noteProfile(ann, { name: 'Ann', signing: first }));
  assert.equal(store.writes, writes, 'nothing changed, nothing is written');
  const other = seededBytes('other')(32);
  valueOf(await book.noteProfile(ann, { name: 'Annie\n', signing: other }));
  const contact = (await reopen(owner)).book.contact(ann);
  assert.deepEqual([contact?.name, contact?.signing, contact?.warnings], ['Annie', first, ['signing-changed']]);
  valueOf(await book.adoptSigning(ann));
  assert.deepEqual([book.contact(ann)?.signing, book.contact(ann)?.warnings], [other, []]);
  assert.equal(errorOf(await book.noteProfile(bob, { name: 'Bob', signing: other })).kind, 'not-found');
});

test('a record that cannot be read is reported, left as it is, and its person is heard no more', async () => {
  const { store, book } = await open();
  await makeContact(book, ann, 'Ann');
  await makeContact(book, bob, 'Bob');
  const damaged = store.crash();
  const key = `contacts/person/${ann}`;
  for (const value of [
    '',
    '{',
    'null',
    '{"state":"accepted"}',
    '{"state":"blocked","name":"x","sentMs":-1,"atMs":0}',
  ]) {
    damaged.put(key, value);
    const again = await openBook(damaged);
    assert.equal(again.book.problems.length, 1);
    assert.match(again.book.problems[0] ?? '', /cannot be read.*left as it is/);
    assert.deepEqual(
      again.book.contacts().map(({ name }) => name),
      ['Bob'],
    );
    const request = requestFrom(ann, { sentMs: startMs + 99 });
    assert.deepEqual(valueOf(await again.book.receiveRequest(request)), { kind: 'nothing', why: 'damaged' });
    assert.equal(errorOf(await again.book.ask(codeOf(ann), '')).kind, 'damaged');
    assert.equal(damaged.get(key), value);
  }
  const again = await openBook(damaged);
  valueOf(await again.book.remove(ann));
  assert.equal(damaged.get(key), null);
  assert.equal(valueOf(await again.book.ask(codeOf(ann), '')).kind, 'asked');
  assert.deepEqual((await reopen(again)).book.problems, []);
});

test('keys that are damaged or gone are an error, never a silent new person', async () => {
  const { store, book } = await open();
  await makeContact(book, ann, 'Ann');
  const random = seededBytes('other');
  for (const value of ['{}', (store.get('contacts/identity') ?? '').replace('0', '1'), null]) {
    const damaged = store.crash();
    damaged.put('contacts/identity', value);
    const error = errorOf(await ContactBook.open({ store: damaged, random, clock: new SetClock() }));
    assert.equal(error.kind, 'damaged-identity');
    assert.match(error.message, /Nothing was changed\. Restore a backup/);
    assert.equal(damaged.writes, 0);
  }
});

test('keys of others in the store are none of our business', async () => {
  const store = storeWithIdentity();
  store.put('outbox/1', '"x"');
  store.put('contacts-of-another/1', '"x"');
  const { book } = await openBook(store);
  assert.deepEqual(book.problems, []);
});
