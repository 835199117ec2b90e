/** The book under a passphrase, and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openBackup, sealBackup } from '../../../../net/contacts/backup-file.ts';
import { PASSPHRASE_LEAST, restoreBackup } from '../../../../net/contacts/index.ts';
import { decodeIdentity } from '../../../../net/identity/index.ts';
import { errorOf, seededBytes, startMs, valueOf } from '../people-kit.ts';
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

const [ann, bob] = [stranger('ann'), stranger('bob')];
const passphrase = 'correct horse';
/** The least that is allowed, to be quick. */
const cheap = { n: 2 ** 14, r: 1, p: 1 };
const random = seededBytes('backup');

async function openFilled(): Promise<Owner> {
  const owner = await openBook(storeWithIdentity());
  const { book } = owner;
  await book.setName('Owner');
  await book.makeToken('friends');
  await book.ask(codeOf(ann), 'Hello');
  await book.receiveRequest(requestFrom(bob, { name: 'Bob' }));
  await book.accept(bob);
  await book.receiveRequest(requestFrom(stranger('carol'), { name: 'Carol' }));
  await book.block(stranger('dave'));
  book.noteEndpoint(bob, { address: '10.0.0.1', port: 7 });
  await book.flush();
  assert.ok(await book.takeStamp(bob, 1_000));
  valueOf(await book.stampToSend(bob, startMs));
  return owner;
}

const filled = await openFilled();
const backup = valueOf(await filled.book.exportBackup(passphrase));
const contents = valueOf(await openBackup(backup, passphrase));
const cheapBackup = valueOf(await sealBackup(contents, passphrase, random, cheap));

test('a backup on another device makes the same person with the same contacts, whose feeds begin anew', async () => {
  const store = new MemoryState();
  const restored = valueOf(await restoreBackup(store, backup, passphrase, random));
  assert.deepEqual(restored, { peerId: filled.book.identity.peerId, madeMs: startMs, contacts: 1 });
  const owner = await openBook(store.crash(), 'restored', filled.clock);
  assert.deepEqual(everything(owner), everything(filled));
  assert.notDeepEqual(owner.book.identity.feedGeneration, filled.book.identity.feedGeneration);
  assert.deepEqual((await reopen(owner)).book.identity.feedGeneration, owner.book.identity.feedGeneration);
  assert.equal(await owner.book.takeStamp(bob, 1_000), false);
  assert.ok(valueOf(await owner.book.stampToSend(bob, startMs)) > startMs);
});

test('a backup replaces what was there, all of it', async () => {
  const other = await openBook(undefined, 'another person');
  await other.book.receiveRequest(requestFrom(stranger('erin')));
  other.store.put('outbox/1', '"stays"');
  valueOf(await restoreBackup(other.store, cheapBackup, passphrase, random));
  const owner = await openBook(other.store.crash());
  assert.deepEqual(everything(owner), everything(filled));
  assert.equal(owner.store.get('outbox/1'), '"stays"');
});

test('on the device that made it, stamps do not go back, also those made since', async () => {
  const store = filled.store.crash();
  const later = await openBook(store, 'later', filled.clock);
  assert.ok(await later.book.takeStamp(bob, 9_000));
  assert.ok(await later.book.takeStamp(ann, 9_000));
  const sent = valueOf(await later.book.stampToSend(bob, startMs + 1_000_000));
  valueOf(await restoreBackup(store, cheapBackup, passphrase, random));
  const owner = await openBook(store.crash());
  assert.deepEqual([await owner.book.takeStamp(bob, 9_000), await owner.book.takeStamp(ann, 9_000)], [false, false]);
  assert.ok(valueOf(await owner.book.stampToSend(bob, startMs)) > sent);
  assert.ok(await owner.book.takeStamp(bob, 9_001));
});

test('a restoration that failed changes nothing, and power lost in it leaves the old book or the restored one', async () => {
  const before = await openBook(undefined, 'another person');
  await before.book.receiveRequest(requestFrom(stranger('erin')));
  for (const fate of ['fail', 'refuse', 'fail-late'] as const) {
    const store = before.store.crash();
    store.fate = (index) => (index === 0 ? fate : 'keep');
    const error = errorOf(await restoreBackup(store, cheapBackup, passphrase, random));
    assert.equal(error.kind, 'not-kept');
    assert.match(error.message, /nothing was restored\. The disk is full/);
    assert.deepEqual(everything(await openBook(store.crash(), 'after', before.clock)), everything(before));
    const cut = before.store.crash();
    cut.fate = (index) => (index === 0 ? fate : 'fail');
    await restoreBackup(cut, cheapBackup, passphrase, random);
    const after = await openBook(cut.crash(), 'after', before.clock);
    assert.deepEqual(everything(after), everything(fate === 'fail-late' ? filled : before));
  }
});

test('another passphrase, a short one, and files that are none are told apart', async () => {
  const store = new MemoryState();
  const cases = [
    [cheapBackup, 'correct horsf', 'wrong-passphrase'],
    [cheapBackup, '', 'wrong-passphrase'],
    ['', passphrase, 'not-a-backup'],
    ['[]', passphrase, 'not-a-backup'],
    ['{"format":"lobbykeep-key","version":1}', passphrase, 'not-a-backup'],
    [cheapBackup.replace('"version": 1', '"version": 2'), passphrase, 'newer-version'],
    [cheapBackup.replace(/"n": \d+/, '"n": 16385'), passphrase, 'damaged'],
    [cheapBackup.replace(/"n": \d+/, '"n": 1073741824'), passphrase, 'damaged'],
    [cheapBackup.replace(/"r": \d+/, '"r": 9'), passphrase, 'damaged'],
    [cheapBackup.replace(/"r": \d+/, '"r": 2'), passphrase, 'wrong-passphrase'],
    [cheapBackup.replace(/"sealed": "[^"]*"/, '"sealed": ""'), passphrase, 'wrong-passphrase'],
    [' '.repeat(17_000_000), passphrase, 'not-a-backup'],
  ] as const;
  for (const [text, phrase, kind] of cases) {
    const error = errorOf(await restoreBackup(store, text, phrase, random));
    assert.equal(error.kind, kind, text.slice(0, 200));
    assert.match(error.message, /\.$/);
  }
  assert.equal(store.writes, 0);
  assert.equal(errorOf(await filled.book.exportBackup('x'.repeat(PASSPHRASE_LEAST - 1))).kind, 'passphrase-too-short');
});

test('a passphrase may be composed in another way', async () => {
  const sealed = valueOf(await sealBackup(contents, 'gl\u00fcckw\u00fcnsche', random, cheap));
  assert.deepEqual(valueOf(await openBackup(sealed, 'glu\u0308ckwu\u0308nsche')), contents);
});

test('a backup is rejected with any character changed or cut', async () => {
  const change = fc.tuple(fc.nat({ max: cheapBackup.length - 2 }), fc.constantFrom('0', '1', 'A', 'b', '"', ''));
  await fc.assert(
    fc.asyncProperty(change, async ([at, character]) => {
      const text = cheapBackup.slice(0, at) + character + cheapBackup.slice(at + 1);
      const opened = await openBackup(text, passphrase);
      // Blanks between the fields, and a character replaced by itself, are no change.
      if (opened.ok) assert.deepEqual(JSON.parse(text), JSON.parse(cheapBackup));
    }),
    { numRuns: 60 },
  );
});

test('contents that are no book are rejected, and nothing is restored', async () => {
  const store = new MemoryState();
  const [first] = contents.entries;
  assert.ok(first !== undefined);
  const wrong = [
    { ...contents, identity: contents.identity.replace('0', '1') },
    { ...contents, entries: [[first[0], '{}'] as const] },
    { ...contents, entries: [['outbox/1', '"x"'] as const] },
    { ...contents, entries: [['contacts/identity', contents.identity] as const] },
    { ...contents, madeMs: -1 },
  ];
  for (const other of wrong) {
    const sealed = valueOf(await sealBackup(other, passphrase, random, cheap));
    assert.equal(errorOf(await restoreBackup(store, sealed, passphrase, random)).kind, 'damaged');
  }
  assert.equal(store.writes, 0);
});

test('what stands in clear tells nothing of the book but its size to the next 4 KiB', () => {
  assert.deepEqual(Object.keys(JSON.parse(backup)), ['format', 'version', 'n', 'r', 'p', 'salt', 'nonce', 'sealed']);
  const { sealed } = JSON.parse(backup);
  assert.equal((Buffer.from(sealed, 'base64').length - 16) % 4_096, 0);
  for (const secret of [bob, 'Carol', decodeIdentity(contents.identity).ok ? contents.identity.slice(24, 60) : '']) {
    assert.ok(!backup.includes(secret));
  }
});
