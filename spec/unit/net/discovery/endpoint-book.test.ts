/** Where to try to reach a peer, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANDIDATES_LIMIT, EndpointBook } from '../../../../net/discovery/index.ts';
import { toPeerId } from '../../../../net/peer-id.ts';
import type { Endpoint } from '../../../../net/world.ts';

const peer = toPeerId(new Uint8Array(32).fill(7));
const nothing = { known: [], manual: [] };

function at(host: number, port = 41_975): Endpoint {
  return { address: `192.168.1.${host}`, port };
}

function hosts(book: EndpointBook, known: readonly Endpoint[], manual: readonly Endpoint[], nowMs: number): string {
  const candidates = book.candidates(peer, { known, manual }, nowMs);
  return candidates
    .map(({ endpoint, source }) => `${source} ${endpoint.address.slice(10)}:${endpoint.port}`)
    .join(', ');
}

test('beacons come first, the latest of them at the front, then what was known, then what was typed', () => {
  const book = new EndpointBook();
  book.hear(peer, at(1), 0);
  book.hear(peer, at(2), 10);
  book.hear(peer, at(1), 20);
  assert.equal(hosts(book, [at(3)], [at(4)], 30), 'heard 1:41975, heard 2:41975, known 3:41975, manual 4:41975');
});

test('an endpoint is tried once, by the best that is known of it; another port is another endpoint', () => {
  const book = new EndpointBook();
  book.hear(peer, at(1), 0);
  assert.equal(hosts(book, [at(1), at(2)], [at(2), at(1, 5)], 1), 'heard 1:41975, known 2:41975, manual 1:5');
});

test('no source crowds out another', () => {
  const book = new EndpointBook();
  for (let host = 1; host < 50; host += 1) book.hear(peer, at(host), host);
  const many = Array.from({ length: 9 }, (_, index) => at(100 + index));
  const typed = Array.from({ length: 9 }, (_, index) => at(200 + index));
  const candidates = book.candidates(peer, { known: many, manual: typed }, 60);
  assert.equal(candidates.length, CANDIDATES_LIMIT);
  assert.deepEqual(
    candidates.map((each) => each.source),
    ['heard', 'heard', 'heard', 'heard', 'known', 'known', 'manual', 'manual'],
  );
  assert.equal(candidates[0]?.endpoint.address, '192.168.1.49');
});

test('what a beacon said counts for fifteen minutes', () => {
  const book = new EndpointBook();
  book.hear(peer, at(1), 0);
  assert.equal(book.candidates(peer, nothing, 899_999).length, 1);
  assert.equal(book.candidates(peer, nothing, 900_000).length, 0);
});

test('a peer that was removed is forgotten, and more than 256 are not kept', () => {
  const book = new EndpointBook();
  book.hear(peer, at(1), 0);
  book.forget(peer);
  assert.deepEqual(book.candidates(peer, nothing, 0), []);
  const others = Array.from({ length: 257 }, (_, index) => {
    const key = new Uint8Array(32);
    new DataView(key.buffer).setUint32(0, index);
    return toPeerId(key);
  });
  for (const other of others) book.hear(other, at(1), 0);
  assert.equal(others.filter((other) => book.candidates(other, nothing, 0).length > 0).length, 256);
});
