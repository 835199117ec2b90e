/** The parsers that meet the network. */
import { formatCode, makeRequestToken, parseCode } from '../../net/code/index.ts';
import { CONTROL, Delivery, HISTORY, LIVE } from '../../net/delivery/index.ts';
import { BeaconPeers, BeaconReader, prepareBeacon } from '../../net/discovery/index.ts';
import { makeIdentity, toPlainText } from '../../net/identity/index.ts';
import { NEARBY_BYTES, NearbyList, decodeNearby, encodeNearby } from '../../net/nearby/index.ts';
import { derivePairKeys, importTagKey } from '../../net/pair/index.ts';
import { encodeBatch } from '../../net/records/batch.ts';
import { isFeedId, isGeneration } from '../../net/records/ids.ts';
import { packJson, unpackJson } from '../../net/records/packed-json.ts';
import { decodeRecord, encodeBatchRecord, encodeRecord } from '../../net/records/record.ts';
import type { PlainRecord, RecordClass } from '../../net/records/record.ts';
import { RequestDoor, sealRequest } from '../../net/request/index.ts';
import { decodePayload, encodePayload } from '../../net/request/request-payload.ts';
import { makeHello, parseHello } from '../../net/session/hello.ts';
import { SessionHub } from '../../net/session/index.ts';
import type { Chance } from '../sim/world/chance.ts';
import { expect, isSame, textOf, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const unixMs = 1_790_000_000_000;
const entryId = '01J0000000ABCDEFGHJKMNPQRS';
const from = { address: '192.168.1.7', port: 41_975 };
/** Bytes that delivery holds of records of one peer that are not whole or not in turn. */
const heldLimitBytes = 3 * 1024 * 1024 + 64 * 1024;
const packetsPerDelivery = 200;

export function wireTargets(chance: Chance): readonly FuzzTarget[] {
  return [
    codeTarget(chance),
    requestTarget(chance),
    payloadTarget(chance),
    sessionTarget(chance),
    helloTarget(chance),
    beaconTarget(chance),
    nearbyTarget(chance),
    deliveryTarget(chance),
    recordTarget(chance),
    batchTarget(),
    plainTextTarget(),
  ];
}

function codeTarget(chance: Chance): FuzzTarget {
  const codes = Array.from({ length: 4 }, () => formatCode(chance.bytes(32), makeRequestToken(chance.bytes)));
  return {
    name: 'code',
    seeds: codes.map(utf8),
    take: (input) => {
      const parsed = parseCode(textOf(input));
      if (!parsed.ok) return parsed.error.kind;
      const again = parseCode(formatCode(parsed.value.contactKey, parsed.value.token));
      expect(isSame(again, parsed), 'a code that is read to be written as what is read again');
      return 'read';
    },
  };
}

/** A request at the door: its MAC keeps all that was changed out. */
function requestTarget(chance: Chance): FuzzTarget {
  const [receiver, sender] = [makeIdentity(chance.bytes), makeIdentity(chance.bytes)];
  const token = makeRequestToken(chance.bytes);
  const contents = {
    receiver: receiver.contact.publicKey,
    token,
    secret: chance.bytes(32),
    sentMs: unixMs,
    name: 'Mia',
    note: 'hi',
  };
  const packet = sealRequest(contents, sender, chance.bytes);
  const door = new RequestDoor({ identity: receiver, random: chance.bytes, isMuted: () => false });
  door.setTokens([{ token, expiresMs: null }]);
  let nowMs = 0;
  return {
    name: 'request',
    seeds: [packet ?? new Uint8Array(1_024)],
    take: (input) => {
      nowMs += 10_000;
      const opened = door.receive(input, from, nowMs, unixMs);
      if (opened === null) return 'dropped';
      expect(packet !== null && Buffer.compare(input, packet) === 0, 'only the packet as it was made to be opened');
      return 'opened';
    },
  };
}

function payloadTarget(chance: Chance): FuzzTarget {
  const [receiver, sender] = [makeIdentity(chance.bytes), makeIdentity(chance.bytes)];
  const fields = { secret: chance.bytes(32), sentMs: unixMs, name: 'Mia', note: 'hello there' };
  return {
    name: 'request payload',
    seeds: [encodePayload(fields, sender, receiver.contact.publicKey)],
    take: (input) => {
      const read = decodePayload(input, sender.contact.publicKey, receiver.contact.publicKey);
      if (!read.ok) return read.error;
      // Name and note are made plain text as they are read; what is secret and signed stays as it is.
      const written = encodePayload(read.value, sender, receiver.contact.publicKey);
      const again = decodePayload(written, sender.contact.publicKey, receiver.contact.publicKey);
      expect(isSame(again, read), 'a payload that is read to be written as what is read again');
      return 'read';
    },
  };
}

/** First, second, cookie and data at a hub with one peer, whose own packets the seeds are. */
function sessionTarget(chance: Chance): FuzzTarget {
  const [own, peer] = [makeIdentity(chance.bytes), makeIdentity(chance.bytes)];
  const secret = chance.bytes(32);
  const clock = { unixMs: () => unixMs, elapsedMs: () => nowMs };
  let nowMs = 0;
  let stamp = unixMs;
  const sent: Uint8Array[] = [];
  let answered = 0;
  const makeHub = (identity: typeof own, other: typeof own, send: (bytes: Uint8Array) => void) => {
    const hub = new SessionHub({
      identity: identity.contact,
      bootId: chance.bytes(8),
      random: chance.bytes,
      clock,
      hints: { lookup: () => other.peerId },
      send,
      takeStamp: () => Promise.resolve(true),
      stampToSend: () => Promise.resolve((stamp += 1)),
      onPlain: () => {},
      onUp: () => {},
      onDown: () => {},
      onRoam: () => {},
    });
    hub.setPeer(other.peerId, [derivePairKeys(secret, identity.contact.publicKey, other.contact.publicKey)]);
    return hub;
  };
  const theirs = makeHub(peer, own, (bytes) => sent.push(bytes.slice()));
  const ours = makeHub(own, peer, () => {
    answered += 1;
  });
  theirs.dial(own.peerId, [from]);
  const seeds = [chance.bytes(101), chance.bytes(49), chance.bytes(61)];
  for (const [at, type] of [3, 4, 5].entries()) seeds[at]?.fill(type, 0, 1);
  return {
    name: 'first, second, cookie, data',
    seeds,
    take: (input) => {
      nowMs += 200;
      // A first message of the peer is among the seeds once it was made.
      const first = sent.shift();
      const bytes = first !== undefined && input.length % 7 === 0 ? first : input;
      const before = answered;
      ours.receive(bytes, from);
      ours.poll();
      return answered === before ? `type ${String(input[0] ?? 'none').slice(0, 1)}` : 'answered';
    },
  };
}

function helloTarget(chance: Chance): FuzzTarget {
  return {
    name: 'hello',
    seeds: [makeHello(chance.bytes(8)), Buffer.concat([makeHello(chance.bytes(8)), chance.bytes(40)])],
    take: (input) => {
      const bootId = parseHello(input);
      if (bootId === null) return 'refused';
      expect(bootId.length === 8, 'a boot id of 8 bytes');
      return 'read';
    },
  };
}

function beaconTarget(chance: Chance): FuzzTarget {
  const pair = derivePairKeys(chance.bytes(32), chance.bytes(32), chance.bytes(32));
  const peers = new BeaconPeers<string>(unixMs);
  peers.add('peer', { beaconIn: pair.beaconOut, beaconOut: pair.beaconIn });
  const beacon = prepareBeacon([importTagKey(pair.beaconOut)], unixMs, chance.bytes)(from);
  const reader = new BeaconReader(peers);
  let nowMs = 0;
  return {
    name: 'beacon',
    seeds: [beacon],
    take: (input) => {
      nowMs += 1_000;
      return reader.read(input, from, unixMs, nowMs).length === 0 ? 'nobody' : 'matched';
    },
  };
}

function nearbyTarget(chance: Chance): FuzzTarget {
  const people = Array.from({ length: 3 }, () => makeIdentity(chance.bytes));
  const own = makeIdentity(chance.bytes);
  const list = new NearbyList(own.peerId, chance.bytes);
  let nowMs = 0;
  return {
    name: 'nearby',
    seeds: people.map(({ peerId }) =>
      encodeNearby({ peer: peerId, token: makeRequestToken(chance.bytes), name: 'Mia' }),
    ),
    take: (input) => {
      nowMs += 50;
      list.start('me', nowMs);
      const read = decodeNearby(input);
      const outcome = list.receive(input, from, nowMs);
      expect(list.people(nowMs).length <= 64, 'at most 64 people');
      if (read === null) return outcome;
      const again = decodeNearby(encodeNearby(read));
      expect(
        input.length === NEARBY_BYTES && isSame(again, read),
        'a packet that is read to be written as what is read again',
      );
      return outcome;
    },
  };
}

function deliveryTarget(chance: Chance): FuzzTarget {
  const quiet = { onRecord: () => {}, onAcknowledged: () => {}, onDrain: () => {}, onClose: () => {} };
  const makeDelivery = () => new Delivery({ events: quiet });
  const sender = makeDelivery();
  for (const cls of [CONTROL, LIVE, HISTORY] as const) {
    for (const size of [1, 40, 900, 5_000]) sender.queue(cls, chance.bytes(size));
  }
  const seeds: Uint8Array[] = [];
  for (let at = 0; at < 64; at += 1) {
    const packet = sender.next(at);
    if (packet !== null) seeds.push(packet.slice());
  }
  sender.close();
  seeds.push(sender.next(1_000)?.slice() ?? chance.bytes(20));
  let receiver = makeDelivery();
  let taken = 0;
  return {
    name: 'delivery packet',
    seeds,
    take: (input) => {
      taken += 1;
      if (taken % packetsPerDelivery === 0) receiver = makeDelivery();
      const outcome = receiver.receive(input, taken);
      receiver.next(taken);
      const held = receiver.stats().heldBytes;
      expect(
        held.every((bytes) => bytes <= heldLimitBytes),
        'bounded memory for what is not whole',
      );
      return outcome;
    },
  };
}

function recordTarget(chance: Chance): FuzzTarget {
  const seeds: Uint8Array[] = plainSeeds(entryId).map(([kind, json]) =>
    Buffer.concat([Uint8Array.of(kind), Buffer.from(json)]),
  );
  const [feed, generation] = ['0'.repeat(32), '1'.repeat(16)];
  if (isFeedId(feed) && isGeneration(generation)) {
    const head = { feed, generation, game: 'Quake', scope: 1, from: 1 };
    seeds.push(encodeBatchRecord(encodeBatch(head, [sessionJson(), '3'], () => chance.bytes(64))));
  }
  return {
    name: 'record',
    seeds,
    take: (input) => {
      const outcomes = ([0, 1, 2] as const).map((cls) => takeRecord(cls, input));
      return outcomes.find((outcome) => outcome !== 'wrong-class') ?? 'wrong-class';
    },
  };
}

/** What is in a batch: changed before it is packed, since hardly a change of packed bytes leaves JSON. */
function batchTarget(): FuzzTarget {
  const head = { feed: '0'.repeat(32), game: 'Quake', generation: '1'.repeat(16), scope: 1, from: 1 };
  const line = {
    kind: 'line',
    id: entryId,
    session: entryId,
    atMs: unixMs,
    line: '<Mia> gg',
    speaker: 'Mia',
    text: 'gg',
  };
  const lineJson = JSON.stringify({ ...line, channel: 'all', confidence: 0.9, colours: ['#ffffff'] });
  const json = `${JSON.stringify(head).slice(0, -1)},"entries":[${sessionJson()},3,${lineJson}]}`;
  return {
    name: 'batch',
    seeds: [utf8(json)],
    take: (input) => {
      const packed = packJson(input);
      const text = unpackJson(packed);
      expect(text === null || text === textOf(input), 'what was packed to come back as it was');
      return takeRecord(2, Buffer.concat([Uint8Array.of(8), new Uint8Array(64), packed]));
    },
  };
}

function sessionJson(): string {
  const session = { kind: 'session', id: entryId, atMs: unixMs, game: 'Quake', lobby: null, reason: 'pattern' };
  return JSON.stringify(session);
}

function takeRecord(cls: RecordClass, input: Uint8Array): string {
  const decoded = decodeRecord(cls, input);
  if (!decoded.ok) return decoded.error;
  if (decoded.value.kind === 'batch') return 'batch';
  const record: PlainRecord = decoded.value;
  const again = decodeRecord(cls, encodeRecord(record));
  expect(again.ok && isSame(again.value, record), `a ${record.kind} that is read to be written as what is read again`);
  return record.kind;
}

function plainSeeds(id: string): readonly (readonly [kind: number, json: string])[] {
  return [
    [1, JSON.stringify({ name: 'Mia', signing: hex(64) })],
    [2, JSON.stringify({ revision: 1, share: 'history', sinceMs: null, games: ['Quake'], channels: null })],
    [3, JSON.stringify({ feeds: [[hex(32), 5, null]], holes: [[hex(32), 1, 4]], messages: null })],
    [4, JSON.stringify({ feeds: [[hex(32), 'Quake', 12]] })],
    [5, JSON.stringify({ received: [id], kept: [id], shown: [], noted: [] })],
    [6, JSON.stringify({ id, stream: hex(16), seq: 1, room: null, text: 'hello', atMs: unixMs })],
    [7, JSON.stringify({ room: hex(32), title: 'Friends', members: [hex(64)], atMs: unixMs })],
    [9, '{}'],
  ];
}

function hex(count: number): string {
  return 'a'.repeat(count);
}

function plainTextTarget(): FuzzTarget {
  return {
    name: 'plain text',
    seeds: ['Mia', 'a\u202eb\u0000c', '\ud83d\ude00 e\u0301', 'ﷺ'.repeat(20)].map(utf8),
    take: (input) => {
      const plain = toPlainText(textOf(input), 64);
      expect(Buffer.byteLength(plain) <= 64, 'at most 64 bytes');
      expect(toPlainText(plain, 64) === plain, 'plain text to stay as it is');
      return plain === '' ? 'empty' : 'text';
    },
  };
}
