/** When a request is sent again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '../../../../net/identity/index.ts';
import { toContactKey, toPeerId } from '../../../../net/peer-id.ts';
import { PENDING_REQUESTS_LIMIT, RequestSender, openRequest } from '../../../../net/request/index.ts';
import type { OutgoingRequest } from '../../../../net/request/index.ts';
import { seededBytes, startMs, valueOf } from '../people-kit.ts';
import { ann, bob, secret, token } from './request-kit.ts';

const toBob: OutgoingRequest = { peer: bob.peerId, token, secret, name: 'Ann', note: 'Hello', endpoint: null };
const makeSender = () => new RequestSender(ann, seededBytes('sender'));
const others = ['carol', 'dave', 'erin', 'frank', 'grace', 'heidi'].map((name) => makeIdentity(seededBytes(name)));

test('a request is sent at once, then after 1, 5, 30 s, 5 min, and every 30 min', () => {
  const sender = makeSender();
  assert.equal(sender.nextMs(), null);
  assert.ok(sender.add(toBob, 1_000));
  const sentMs: number[] = [];
  for (let nowMs = sender.nextMs(); nowMs !== null && sentMs.length < 8; nowMs = sender.nextMs()) {
    assert.deepEqual(sender.due(nowMs - 1, startMs), []);
    assert.equal(sender.due(nowMs, startMs).length, 1);
    sentMs.push(nowMs);
  }
  const waitsMs = sentMs.map((atMs, index) => atMs - (sentMs[index - 1] ?? 1_000));
  assert.deepEqual(waitsMs, [0, 1_000, 5_000, 30_000, 300_000, 1_800_000, 1_800_000, 1_800_000]);
});

test('each repetition holds the same secret and a fresh time, and goes to the typed address, too', () => {
  const sender = makeSender();
  const endpoint = { address: '10.0.0.7', port: 41_975 };
  sender.add({ ...toBob, endpoint }, 0);
  const packets = [0, 1_000, 6_000].map((nowMs) => {
    const [datagram] = sender.due(nowMs, startMs + nowMs);
    assert.deepEqual([datagram?.peer, datagram?.endpoint], [bob.peerId, endpoint]);
    const bytes = datagram?.bytes ?? new Uint8Array();
    const opened = valueOf(openRequest(bytes, bob, seededBytes('x'), () => true));
    assert.deepEqual([opened.peer, opened.secret, opened.name, opened.note], [ann.peerId, secret, 'Ann', 'Hello']);
    assert.equal(opened.sentMs, startMs + nowMs);
    return Buffer.from(bytes).toString('hex');
  });
  assert.equal(new Set(packets).size, 3);
});

test('after a sleep a request is sent once, however often it was missed', () => {
  const sender = makeSender();
  sender.add(toBob, 0);
  assert.equal(sender.due(0, startMs).length, 1);
  assert.equal(sender.due(86_400_000, startMs).length, 1);
  assert.deepEqual(sender.due(86_400_000, startMs), []);
  assert.equal(sender.nextMs(), 86_400_000 + 5_000);
});

test('many requests are sent by and by, and none is forgotten', () => {
  const sender = makeSender();
  for (const { peerId } of others) assert.ok(sender.add({ ...toBob, peer: peerId }, 0));
  assert.equal(sender.due(0, startMs).length, 4);
  assert.equal(sender.nextMs(), 0);
  const rest = sender.due(0, startMs);
  assert.deepEqual(
    rest.map(({ peer }) => peer),
    others.slice(4).map(({ peerId }) => peerId),
  );
  assert.equal(sender.nextMs(), 1_000);
});

test('a request that was withdrawn is not sent any more, one that was asked anew begins anew', () => {
  const sender = makeSender();
  sender.add(toBob, 0);
  sender.due(0, startMs);
  sender.add({ ...toBob, note: 'Again' }, 500);
  assert.equal(sender.due(500, startMs).length, 1);
  assert.equal(sender.count, 1);
  assert.ok(sender.remove(bob.peerId));
  assert.ok(!sender.remove(bob.peerId));
  assert.deepEqual([sender.due(10_000, startMs), sender.nextMs()], [[], null]);
});

test('no more than 64 requests are under way', () => {
  const sender = makeSender();
  for (let index = 0; index < PENDING_REQUESTS_LIMIT; index += 1) {
    assert.ok(sender.add({ ...toBob, peer: toPeerId(seededBytes(`${index}`)(32)) }, 0));
  }
  assert.ok(!sender.add({ ...toBob, peer: toPeerId(seededBytes('one more')(32)) }, 0));
  assert.ok(sender.add({ ...toBob, peer: toPeerId(seededBytes('0')(32)) }, 0));
});

test('a key of low order ends its request, and a clock out of all bounds does not hinder sending', () => {
  const sender = makeSender();
  sender.add({ ...toBob, peer: toPeerId(new Uint8Array(32)) }, 0);
  assert.deepEqual(sender.due(0, startMs), []);
  assert.equal(sender.count, 0);
  for (const unixMs of [-5, 1e300]) {
    sender.add({ ...toBob, peer: toPeerId(toContactKey(bob.peerId)) }, 0);
    assert.equal(sender.due(0, unixMs).length, 1);
  }
});
