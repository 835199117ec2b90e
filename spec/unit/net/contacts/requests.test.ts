/** Asking and being asked: what each step makes of a person, and what stays of it after a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCode } from '../../../../net/code/index.ts';
import { DECLINED_FOR_MS, personLimits } from '../../../../net/contacts/index.ts';
import { toContactKey, toPeerId } from '../../../../net/peer-id.ts';
import { errorOf, seededBytes, startMs, valueOf } from '../people-kit.ts';
import {
  assertSurvives,
  codeOf,
  guestToken,
  openBook,
  reopen,
  requestFrom,
  storeWithIdentity,
  stranger,
} from './contact-kit.ts';

const open = () => openBook(storeWithIdentity());
const [ann, bob] = [stranger('ann'), stranger('bob')];
const hourMs = 3_600_000;

test('a fresh book makes an identity, and is the same person ever after', async () => {
  const owner = await openBook();
  await assertSurvives(owner);
  const [one, other] = [await openBook(undefined, 'one'), await openBook(undefined, 'other')];
  assert.notEqual(one.book.identity.peerId, other.book.identity.peerId);
});

test('who is asked is to be sent a request with the same secret, also after a restart', async () => {
  const owner = await open();
  valueOf(await owner.book.setName(' Ann\u202e '));
  const endpoint = { address: 'fe80::1%eth0', port: 41_975 };
  assert.deepEqual(valueOf(await owner.book.ask(codeOf(bob), 'We\nplayed', { alias: 'Bob', endpoint })), {
    peer: bob,
    kind: 'asked',
  });
  const [request] = owner.book.outgoingRequests();
  assert.deepEqual(
    { ...request, secret: null },
    { peer: bob, token: guestToken, secret: null, name: 'Ann', note: 'We played', endpoint },
  );
  assert.deepEqual(owner.book.asked(), [{ peer: bob, alias: 'Bob', note: 'We played', askedMs: startMs, endpoint }]);
  assert.deepEqual(owner.book.secretsOf(bob), {
    isContact: false,
    dial: null,
    listen: [{ slot: 'own', secret: request?.secret }],
  });
  await assertSurvives(owner);
  assert.deepEqual((await reopen(owner)).book.outgoingRequests(), owner.book.outgoingRequests());
});

test('asking again changes the code and the note, never the secret', async () => {
  const owner = await open();
  await owner.book.ask(codeOf(bob), 'first');
  const [before] = owner.book.outgoingRequests();
  const parsed = valueOf(parseCode(valueOf(await owner.book.makeToken('x')).code));
  valueOf(await owner.book.ask(codeOf(bob, parsed.token), 'second'));
  const [after] = owner.book.outgoingRequests();
  assert.deepEqual([after?.token, after?.note, after?.secret], [parsed.token, 'second', before?.secret]);
});

test('the own code, a contact, somebody blocked, and keys that nobody holds are refused with a sentence', async () => {
  const { book } = await open();
  const own = { contactKey: toContactKey(book.identity.peerId), token: guestToken };
  await book.receiveRequest(requestFrom(ann, { name: 'Ann' }));
  await book.accept(ann);
  await book.block(bob);
  const high = toContactKey(stranger('high'));
  high[31] = (high[31] ?? 0) | 0x80;
  const cases = [
    [own, 'own-code', /your own code/],
    [codeOf(ann), 'already-accepted', /^Ann is a contact of yours already\.$/],
    [codeOf(bob), 'blocked', /You blocked this person/],
    [{ contactKey: new Uint8Array(32), token: guestToken }, 'bad-key', /leads to nobody/],
    [{ contactKey: Uint8Array.of(1, ...new Uint8Array(31)), token: guestToken }, 'bad-key', /leads to nobody/],
    [{ contactKey: high, token: guestToken }, 'bad-key', /leads to nobody/],
  ] as const;
  for (const [code, kind, sentence] of cases) {
    const error = errorOf(await book.ask(code, ''));
    assert.equal(error.kind, kind);
    assert.match(error.message, sentence);
  }
  assert.deepEqual(book.asked(), []);
  await assert.rejects(
    book.ask(codeOf(stranger('x')), '', { endpoint: { address: 'example.org', port: 1 } }),
    RangeError,
  );
  await assert.rejects(book.ask(codeOf(stranger('x')), '', { endpoint: { address: '10.0.0.1', port: 0 } }), RangeError);
});

test('who asks is listed with the label of the code that they hold, also after a restart', async () => {
  const owner = await open();
  const { token } = valueOf(await owner.book.makeToken('Friday group'));
  valueOf(await owner.book.receiveRequest(requestFrom(ann, { token })));
  valueOf(await owner.book.receiveRequest(requestFrom(bob)));
  for (const { book } of [owner, await reopen(owner)]) {
    const labelOf = (peer: unknown) => book.waiting().find((one) => one.peer === peer)?.tokenLabel;
    assert.deepEqual([labelOf(ann), labelOf(bob)], ['Friday group', null]);
  }
});

test('a request is new once, and waits until it is answered', async () => {
  const owner = await open();
  const { book, clock } = owner;
  assert.deepEqual(valueOf(await book.receiveRequest(requestFrom(ann))), { kind: 'new', peer: ann, dropped: [] });
  assert.deepEqual(valueOf(await book.receiveRequest(requestFrom(ann))), { kind: 'nothing', why: 'replayed' });
  clock.pass(5_000);
  const again = requestFrom(ann, { sentMs: startMs + 5_000 });
  assert.deepEqual(valueOf(await book.receiveRequest(again)), { kind: 'nothing', why: 'waiting' });
  const asks = { peer: ann, name: 'Guest', note: 'Hello', receivedMs: startMs, tokenLabel: null, warnings: [] };
  assert.deepEqual(book.waiting(), [asks]);
  assert.equal(book.secretsOf(ann), null);
  await assertSurvives(owner);
});

test('who is accepted is a contact with the secret that he sent; his requests make nothing new', async () => {
  const owner = await open();
  const { book } = owner;
  await book.receiveRequest(requestFrom(ann, { name: 'Ann' }));
  valueOf(await book.accept(ann));
  const secret = seededBytes(`secret ${ann}`)(32);
  const pair = { slot: 'received', secret } as const;
  assert.deepEqual(book.secretsOf(ann), { isContact: true, dial: pair, listen: [pair] });
  const contact = book.contact(ann);
  assert.deepEqual(
    [contact?.name, contact?.alias, contact?.addedMs, contact?.confirmed],
    ['Ann', null, startMs, false],
  );
  assert.deepEqual(contact?.signing, seededBytes(`signing ${ann}`)(32));
  const again = requestFrom(ann, { sentMs: startMs + 1 });
  assert.deepEqual(valueOf(await book.receiveRequest(again)), { kind: 'nothing', why: 'contact' });
  assert.equal(errorOf(await book.accept(ann)).kind, 'not-found');
  assert.deepEqual(book.waiting(), []);
  await assertSurvives(owner);
});

test('a person who withdrew and asks with another secret is accepted with that one', async () => {
  const { book } = await open();
  await book.receiveRequest(requestFrom(ann));
  const anew = requestFrom(ann, { sentMs: startMs + 1, secretOf: 'second try', note: 'Me again' });
  assert.deepEqual(valueOf(await book.receiveRequest(anew)), { kind: 'nothing', why: 'waiting' });
  assert.equal(book.waiting()[0]?.note, 'Me again');
  await book.accept(ann);
  assert.deepEqual(book.secretsOf(ann)?.dial?.secret, anew.secret);
});

test('two people who asked each other are contacts: each dials with what it received and listens for both', async () => {
  const owner = await open();
  const { book } = owner;
  await book.ask(codeOf(ann), '', { alias: 'My Ann' });
  const own = book.outgoingRequests()[0]?.secret ?? new Uint8Array();
  const request = requestFrom(ann, { name: 'Ann' });
  assert.deepEqual(valueOf(await book.receiveRequest(request)), { kind: 'accepted', peer: ann });
  const received = { slot: 'received', secret: request.secret } as const;
  assert.deepEqual(book.secretsOf(ann), {
    isContact: true,
    dial: received,
    listen: [received, { slot: 'own', secret: own }],
  });
  assert.deepEqual([book.contact(ann)?.alias, book.contact(ann)?.name], ['My Ann', 'Ann']);
  assert.deepEqual(book.outgoingRequests(), []);
  await assertSurvives(owner);
});

test('asking somebody who waits accepts him', async () => {
  const { book } = await open();
  await book.receiveRequest(requestFrom(ann));
  assert.deepEqual(valueOf(await book.ask(codeOf(ann), '', { alias: 'A' })), { peer: ann, kind: 'accepted' });
  assert.equal(book.contact(ann)?.alias, 'A');
  assert.deepEqual(book.asked(), []);
});

test('the secret of a session that has proven itself is dialled with first, and both are listened for', async () => {
  const owner = await open();
  const { book } = owner;
  await book.ask(codeOf(ann), '');
  await book.receiveRequest(requestFrom(ann));
  const slots = () => [book.secretsOf(ann)?.dial?.slot, book.secretsOf(ann)?.listen.map(({ slot }) => slot)];
  valueOf(await book.settleSecret(ann, 'own'));
  assert.deepEqual(slots(), ['own', ['received', 'own']]);
  const { writes } = owner.store;
  valueOf(await book.settleSecret(ann, 'own'));
  assert.equal(owner.store.writes, writes, 'what is settled costs no write');
  // The other side dialled with the other one.
  valueOf(await book.settleSecret(ann, 'received'));
  assert.deepEqual(slots(), ['received', ['received', 'own']]);
  await assertSurvives(owner);
});

test('a secret that a contact does not have cannot be settled', async () => {
  const { book } = await open();
  await book.receiveRequest(requestFrom(ann));
  await book.accept(ann);
  assert.equal(errorOf(await book.settleSecret(ann, 'own')).kind, 'not-found');
  assert.equal(errorOf(await book.settleSecret(bob, 'received')).kind, 'not-found');
});

test('a session with a person who was asked makes her a contact', async () => {
  const owner = await open();
  const { book } = owner;
  await book.ask(codeOf(ann), '', { alias: 'A' });
  const secret = book.outgoingRequests()[0]?.secret;
  assert.equal(errorOf(await book.settleSecret(ann, 'received')).kind, 'not-found');
  valueOf(await book.settleSecret(ann, 'own'));
  assert.deepEqual(book.secretsOf(ann), {
    isContact: true,
    dial: { slot: 'own', secret },
    listen: [{ slot: 'own', secret }],
  });
  assert.deepEqual([book.asked(), book.contact(ann)?.alias, book.contact(ann)?.signing], [[], 'A', null]);
  valueOf(await book.noteProfile(ann, { name: 'Ann', signing: seededBytes('s')(32) }));
  assert.deepEqual([book.contact(ann)?.name, book.contact(ann)?.signing], ['Ann', seededBytes('s')(32)]);
  await assertSurvives(owner);
});

test('a contact who had removed this device and asks anew is found again under the fresh secret', async () => {
  const owner = await open();
  const { book } = owner;
  await book.receiveRequest(requestFrom(ann));
  await book.accept(ann);
  await book.settleSecret(ann, 'received');
  const old = seededBytes(`secret ${ann}`)(32);
  const anew = requestFrom(ann, { sentMs: startMs + 1, secretOf: 'renewed' });
  assert.deepEqual(valueOf(await book.receiveRequest(anew)), { kind: 'renewed', peer: ann });
  const dial = { slot: 'received', secret: anew.secret } as const;
  assert.deepEqual(book.secretsOf(ann), { isContact: true, dial, listen: [dial, { slot: 'own', secret: old }] });
  // A request from before, replayed, must not bring back what is over.
  const past = requestFrom(ann, { sentMs: startMs, secretOf: 'replayed' });
  assert.deepEqual(valueOf(await book.receiveRequest(past)), { kind: 'nothing', why: 'replayed' });
  assert.deepEqual(book.secretsOf(ann)?.dial, dial);
  await assertSurvives(owner);
});

test('who was declined for now is shown again when he asks after a day', async () => {
  const owner = await open();
  const { book, clock } = owner;
  await book.receiveRequest(requestFrom(ann));
  valueOf(await book.decline(ann, 'once'));
  assert.deepEqual(book.refused(), [{ peer: ann, name: 'Guest', atMs: startMs, how: 'declined-once' }]);
  assert.equal(book.isMuted(ann), false);
  await assertSurvives(owner);
  clock.pass(DECLINED_FOR_MS - 1);
  const soon = requestFrom(ann, { sentMs: clock.unix });
  assert.deepEqual(valueOf(await book.receiveRequest(soon)), { kind: 'nothing', why: 'declined' });
  clock.pass(1);
  assert.deepEqual(valueOf(await book.receiveRequest(soon)), { kind: 'nothing', why: 'replayed' });
  const later = requestFrom(ann, { sentMs: clock.unix });
  assert.deepEqual(valueOf(await book.receiveRequest(later)), { kind: 'new', peer: ann, dropped: [] });
});

test('who was declined while the clock stood wrong is not mute for years', async () => {
  const { book, clock } = await open();
  clock.unix += 20 * 365 * 24 * hourMs;
  await book.receiveRequest(requestFrom(ann));
  await book.decline(ann, 'once');
  clock.unix = startMs + 60_000;
  const later = requestFrom(ann, { sentMs: clock.unix });
  assert.equal(valueOf(await book.receiveRequest(later)).kind, 'new');
});

test('a person whose clock was put right is heard again', async () => {
  const { book, clock } = await open();
  await book.receiveRequest(requestFrom(ann, { sentMs: 2 ** 48 - 1 }));
  await book.accept(ann);
  await book.remove(ann);
  clock.pass(13 * hourMs);
  const again = requestFrom(ann, { sentMs: clock.unix });
  assert.equal(valueOf(await book.receiveRequest(again)).kind, 'new');
});

test('who is declined for ever or blocked is mute, whatever he sends, until that is taken back', async () => {
  const owner = await open();
  const { book, clock } = owner;
  await book.receiveRequest(requestFrom(ann));
  valueOf(await book.decline(ann, 'ever'));
  valueOf(await book.block(bob));
  await assertSurvives(owner);
  clock.pass(1_000 * 24 * hourMs);
  for (const peer of [ann, bob]) {
    assert.equal(book.isMuted(peer), true);
    const request = requestFrom(peer, { sentMs: clock.unix });
    assert.deepEqual(valueOf(await book.receiveRequest(request)), { kind: 'nothing', why: 'muted' });
    valueOf(await book.unblock(peer));
    assert.equal(book.isMuted(peer), false);
    assert.equal(valueOf(await book.receiveRequest(request)).kind, 'new');
  }
  assert.equal(errorOf(await book.unblock(ann)).kind, 'not-found');
  await assert.rejects(book.block(book.identity.peerId), RangeError);
});

test('a blocked contact has no secret, no endpoint and no stamp any more', async () => {
  const owner = await open();
  const { book } = owner;
  await book.receiveRequest(requestFrom(ann, { name: 'Ann' }));
  await book.accept(ann);
  book.noteEndpoint(ann, { address: '10.0.0.1', port: 7 });
  await book.flush();
  valueOf(await book.block(ann));
  assert.deepEqual([book.secretsOf(ann), book.contact(ann), book.knownPeers()], [null, null, []]);
  assert.equal(await book.takeStamp(ann, 5), false);
  assert.equal(errorOf(await book.stampToSend(ann, startMs)).kind, 'not-found');
  assert.equal(owner.store.get(`contacts/seen/${ann}`), null);
  assert.deepEqual(book.refused(), [{ peer: ann, name: 'Ann', atMs: startMs, how: 'blocked' }]);
});

test('who was removed is a stranger who may ask anew, but not by a replay', async () => {
  const owner = await open();
  const { book } = owner;
  await book.receiveRequest(requestFrom(ann));
  await book.accept(ann);
  valueOf(await book.remove(ann));
  assert.deepEqual([book.contact(ann), book.secretsOf(ann), book.refused()], [null, null, []]);
  assert.equal(errorOf(await book.remove(ann)).kind, 'not-found');
  const again = await reopen(owner);
  assert.deepEqual(valueOf(await again.book.receiveRequest(requestFrom(ann))), { kind: 'nothing', why: 'replayed' });
  const anew = requestFrom(ann, { sentMs: startMs + 1 });
  assert.equal(valueOf(await again.book.receiveRequest(anew)).kind, 'new');
});

test('a request that was withdrawn is not sent any more, and its secret opens nothing', async () => {
  const owner = await open();
  const { book } = owner;
  await book.ask(codeOf(ann), '');
  valueOf(await book.withdraw(ann));
  assert.deepEqual([book.asked(), book.outgoingRequests(), book.secretsOf(ann)], [[], [], null]);
  assert.equal(errorOf(await book.withdraw(ann)).kind, 'not-found');
  await assertSurvives(owner);
});

test('at most 64 wait: the oldest goes when one more comes', async () => {
  const owner = await open();
  const { book, clock } = owner;
  const people = Array.from({ length: personLimits.waiting + 2 }, (_, index) => stranger(`waiting ${index}`));
  for (const [index, peer] of people.entries()) {
    clock.pass(1_000);
    const outcome = valueOf(await book.receiveRequest(requestFrom(peer)));
    const dropped = index < personLimits.waiting ? [] : [people[index - personLimits.waiting]];
    assert.deepEqual(outcome, { kind: 'new', peer, dropped });
  }
  assert.deepEqual(
    book.waiting().map(({ peer }) => peer),
    people.slice(2),
  );
  await assertSurvives(owner);
});

test('no more than 64 are asked at once', async () => {
  const { book } = await open();
  for (let index = 0; index < personLimits.asked; index += 1) {
    valueOf(await book.ask(codeOf(stranger(`asked ${index}`)), ''));
  }
  const error = errorOf(await book.ask(codeOf(stranger('one more')), ''));
  assert.equal(error.kind, 'full');
  assert.match(error.message, /Withdraw a request first/);
  valueOf(await book.ask(codeOf(stranger('asked 3')), 'again'));
});

test('what came from the own key, by whatever means, is nothing', async () => {
  const { book } = await open();
  const outcome = valueOf(await book.receiveRequest(requestFrom(book.identity.peerId)));
  assert.deepEqual(outcome, { kind: 'nothing', why: 'own' });
  assert.equal(toPeerId(toContactKey(ann)), ann);
});
