/** Where what comes in is taken on: handshakes, a whole node, its state as a program finds it at its start, records, control lines. */
import { Readable } from 'node:stream';
import { callPeople } from '../../overlay/engine/people/call-people.ts';
import { readJsonLines } from '../../overlay/engine/control/json-lines.ts';
import { PeopleService } from '../../overlay/engine/people/people-service.ts';
import { peopleCallSchemas } from '../../overlay/ipc/index.ts';
import { ContactBook } from '../../net/contacts/index.ts';
import { NetNode } from '../../net/node/net-node.ts';
import { HandshakeState, makeKeyPair } from '../../net/noise/index.ts';
import type { DatagramListener, Datagrams } from '../../net/transport/index.ts';
import { openSilentDatagrams } from '../../overlay/engine/people/silent-datagrams.ts';
import { makeEntryIds, openLog } from '../../storage/index.ts';
import type { Chance } from '../sim/world/chance.ts';
import { settle } from '../unit/net/sync/fake-disk.ts';
import { LinkWorld } from '../unit/net/sync/link-world.ts';
import { MemoryDisk } from '../unit/storage/memory-disk.ts';
import { makeFriends } from './friends.ts';
import type { Friends } from './friends.ts';
import { memoryState } from './memory-state.ts';
import { expect, textOf, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const startMs = 1_790_000_000_000;
/** Inputs after which a target that remembers begins anew. */
const inputsPerWorld = 2_000;
/** Keys that the state may hold of one peer who sends whatever it likes. */
const keysLimit = 4_000;

export async function nodeTargets(chance: Chance): Promise<readonly FuzzTarget[]> {
  const friends = await makeFriends(chance.fork('friends'));
  return [
    noiseTarget(chance.fork('noise')),
    await datagramTarget(chance.fork('datagram'), friends),
    stateTarget(chance.fork('state'), friends),
    await linkTarget(),
    await controlTarget(chance.fork('control')),
  ];
}

/** The two handshakes of the protocol, each message at who has to read it. */
function noiseTarget(chance: Chance): FuzzTarget {
  const [mine, theirs] = [makeKeyPair(chance.bytes(32)), makeKeyPair(chance.bytes(32))];
  const psks = { 2: chance.bytes(32) };
  const [ik, x] = ['Noise_IKpsk2_25519_ChaChaPoly_SHA512', 'Noise_X_25519_ChaChaPoly_SHA512'];
  const begin = (protocol: string, random = chance.bytes) =>
    new HandshakeState({
      protocol,
      role: 'initiator',
      random,
      localStatic: theirs,
      remoteStatic: mine.publicKey,
      ...(protocol === ik ? { psks } : {}),
    });
  const answer = (protocol: string) =>
    new HandshakeState({
      protocol,
      role: 'responder',
      random: chance.bytes,
      localStatic: mine,
      ...(protocol === ik ? { psks } : {}),
    });
  const [fixed, hello] = [chance.bytes(32), chance.bytes(16)];
  // The same each time, so that the answer to one fits each that comes after it.
  const initiate = () => {
    const initiator = begin(ik, () => fixed.slice());
    const first = initiator.writeMessage(hello);
    if (!first.ok) throw new Error(first.error.kind);
    return { initiator, first: first.value };
  };
  let { initiator, first } = initiate();
  const responder = answer(ik);
  responder.readMessage(first);
  const second = responder.writeMessage(chance.bytes(16));
  const single = begin(x).writeMessage(chance.bytes(600));
  if (!second.ok || !single.ok) throw new Error('Expected handshakes to be written');
  const seeds = [first, second.value, single.value];
  return {
    name: 'noise message',
    seeds,
    take: (input) => {
      const outcomes = [answer(ik), answer(x), initiator].map((state) => {
        const read = state.readMessage(input);
        if (!read.ok) return read.error.kind;
        expect(
          seeds.some((seed) => Buffer.compare(seed, input) === 0),
          'only a message as it was written to be read',
        );
        return 'read';
      });
      if (outcomes[2] === 'read') ({ initiator, first } = initiate());
      return outcomes.join(' ');
    },
  };
}

interface OpenNode {
  readonly node: NetNode;
  readonly book: ContactBook;
  readonly receive: DatagramListener;
  readonly clock: { elapsed: number };
  sent(): number;
}

function keepAtOnce() {
  return Promise.resolve({ ok: true, value: undefined } as const);
}

/** Null where the book refuses. @param values is written to. */
async function openNode(chance: Chance, values: Map<string, string>): Promise<OpenNode | null> {
  const time = { elapsed: 0 };
  const clock = { unixMs: () => startMs + 20_000 + Math.floor(time.elapsed), elapsedMs: () => time.elapsed };
  const state = memoryState(values);
  let node: NetNode | null = null;
  const book = await ContactBook.open({
    store: state,
    random: chance.bytes,
    clock,
    onChange: () => node?.bookChanged(),
  });
  if (!book.ok) return null;
  const listeners: DatagramListener[] = [];
  let sent = 0;
  const datagrams: Datagrams = {
    ...openSilentDatagrams(),
    send: () => {
      sent += 1;
    },
    onDatagram: (listener) => listeners.push(listener),
  };
  node = new NetNode({
    clock,
    random: chance.bytes,
    state,
    book: book.value,
    datagrams,
    newId: makeEntryIds(() => clock.unixMs(), chance.bytes),
    log: { lengths: () => [{ game: 'Quake', length: 2 }], read: () => [], have: () => 0, append: keepAtOnce },
    events: {
      onChange: () => {},
      onRequest: () => {},
      onMessages: () => {},
      onStates: () => {},
      onEntries: () => {},
      onRoom: () => {},
      onProblem: () => {},
    },
    wake: () => {},
  });
  const receive: DatagramListener = (bytes, from, via) => {
    for (const listener of listeners) listener(bytes, from, via);
  };
  return { node, book: book.value, receive, clock: time, sent: () => sent };
}

/** A device whose contact is away hears what somebody overheard of it, changed. */
async function datagramTarget(chance: Chance, { datagrams, values, from }: Friends): Promise<FuzzTarget> {
  const begin = async () => {
    const opened = await openNode(chance, new Map(values));
    if (opened === null) throw new Error('Expected a book that opens');
    return opened;
  };
  let world = await begin();
  let taken = 0;
  return {
    name: 'datagram at a node',
    seeds: datagrams,
    take: async (input) => {
      taken += 1;
      if (taken % inputsPerWorld === 0) {
        world.node.close();
        world = await begin();
      }
      const { node, clock, receive } = world;
      clock.elapsed += 40;
      while (node.nextMs <= clock.elapsed - 20) node.poll();
      const before = world.sent();
      receive(input, from, taken % 2 === 0 ? 'session' : 'discovery');
      await settle();
      return world.sent() === before
        ? `type ${input[0] === undefined || input[0] > 9 ? 'other' : input[0]}`
        : 'answered';
    },
  };
}

/** A program starts with a state of which one value is another: a node, or a sentence why not. */
function stateTarget(chance: Chance, { values, peer }: Friends): FuzzTarget {
  const entries = [...values];
  return {
    name: 'state of a node',
    seeds: entries.map(([, value]) => utf8(value)),
    take: async (input) => {
      const changed = new Map(entries);
      const text = textOf(input);
      const [key] = entries[(input.length * 7 + (input[0] ?? 0)) % entries.length] ?? [''];
      changed.set(key, text);
      const opened = await openNode(chance, changed);
      if (opened === null) return 'refused';
      const { node, clock, book } = opened;
      for (let round = 0; round < 4; round += 1) {
        clock.elapsed += 700;
        if (node.nextMs <= clock.elapsed) node.poll();
        await settle();
      }
      const { link } = { link: node.link(peer) };
      node.rooms.list();
      expect(link === null || typeof link.scope.share === 'string', 'a scope');
      await node.outbox.post({ text: 'hi', room: null, receivers: [peer] });
      await link?.setScope({ share: 'live', sinceMs: null, games: null, channels: null });
      node.close();
      await book.flush();
      return book.problems.length > 0 ? 'damaged' : link === null ? 'no contact' : 'opened';
    },
  };
}

async function beginLinks(onCross: (cls: number, bytes: Uint8Array) => void): Promise<LinkWorld> {
  const world = new LinkWorld();
  for (const { disk } of world.devices) disk.isQuick = true;
  world.pipes[0].onCross = onCross;
  for (let at = 0; at < 5; at += 1) world.a.disk.chat.say('Quake', `gg ${at}`);
  world.up();
  await world.a.link.setScope({ share: 'history', sinceMs: null, games: null, channels: null });
  await world.a.outbox.post({ text: 'hello', room: null, receivers: [world.b.id] });
  await world.b.outbox.post({ text: 'hello yourself', room: null, receivers: [world.a.id] });
  await world.a.rooms.make('Friends', [world.b.id]);
  await world.converge();
  return world;
}

/** What an accepted peer may send over a session: records, each of a class. */
async function linkTarget(): Promise<FuzzTarget> {
  const seeds: Uint8Array[] = [];
  let world = await beginLinks((cls, bytes) => seeds.push(Buffer.concat([Uint8Array.of(cls), bytes])));
  let taken = 0;
  return {
    name: 'record at a link',
    seeds,
    take: async (input) => {
      taken += 1;
      if (taken % inputsPerWorld === 0) world = await beginLinks(() => {});
      const { link, disk, outbox } = world.b;
      const cls = ([0, 1, 2] as const)[(input[0] ?? 0) % 3] ?? 0;
      const before = new Map(link.faults);
      link.record(cls, input.subarray(1));
      await settle();
      world.b.elapsedMs += 50;
      if (link.nextMs <= world.b.elapsedMs) link.poll();
      if (outbox.nextMs <= world.b.elapsedMs) outbox.poll();
      for (const each of [0, 1, 2] as const) {
        world.pipes[1].drop(each);
        link.drained(each);
      }
      const keys = disk.durableState.size;
      expect(keys <= keysLimit, `at most ${keysLimit} keys of a peer but received ${keys}`);
      const fault = [...link.faults].find(([kind, count]) => count !== before.get(kind));
      return fault === undefined ? `class ${cls} taken` : fault[0];
    },
  };
}

/** Lines at the socket by which the command line asks the program that runs. */
async function controlTarget(chance: Chance): Promise<FuzzTarget> {
  const opened = await openLog({
    folder: '/log',
    files: new MemoryDisk(),
    mode: 'write',
    clock: () => startMs,
    random: chance.bytes,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const service = await PeopleService.open({
    log: opened.value,
    newId: makeEntryIds(() => startMs, chance.bytes),
    clock: { unixMs: () => startMs, elapsedMs: () => performance.now() },
    random: chance.bytes,
    sockets: null,
    emit: () => {},
    onProblem: () => {},
    writeFile: () => Promise.resolve({ ok: true, value: undefined }),
  });
  const peer = 'ab'.repeat(32);
  const filled = {
    name: 'Mia',
    peer,
    text: 'hi',
    with: { kind: 'peer', peer },
    before: null,
    limit: 10,
    label: 'x',
    quota: 3,
  };
  const more = {
    expiresMs: null,
    code: 'ABCD',
    note: '',
    address: null,
    ever: false,
    on: true,
    ids: ['a'],
    title: 't',
  };
  const members = { members: [peer], room: 'a', scope: { share: 'live', sinceMs: null, games: null, channels: null } };
  // Opening files and deriving keys of passphrases is what the user asks for, not what a parser does.
  const names = Object.keys(peopleCallSchemas).filter((name) => !['people.backup', 'people.restore'].includes(name));
  const lines = names.map((name) => {
    const input = ['people.state', 'people.check'].includes(name) ? null : { ...filled, ...more, ...members };
    return JSON.stringify({ seq: 1, name, input });
  });
  return {
    name: 'control line',
    slowMs: 1_000,
    seeds: lines.map((line) => utf8(`${line}\n`)),
    take: async (input) => {
      const values: unknown[] = [];
      const stream = Readable.from([
        Buffer.from(input.subarray(0, input.length >> 1)),
        Buffer.from(input.subarray(input.length >> 1)),
      ]);
      const ended = new Promise((resolve) => stream.once('close', resolve));
      readJsonLines(stream, (value) => values.push(value));
      await ended;
      let outcome = 'no line';
      for (const value of values) outcome = await callAs(service, value);
      return outcome;
    },
    end: async () => {
      await service.close();
      await opened.value.close();
    },
  };
}

async function callAs(service: PeopleService, value: unknown): Promise<string> {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('input' in value)) return 'no call';
  const { name, input } = value;
  if (typeof name !== 'string' || ['people.backup', 'people.restore'].includes(name)) return 'no call';
  try {
    const answer = await callPeople(service, name, input);
    expect(typeof answer === 'object', 'an answer');
    return 'answered';
  } catch (error) {
    // As `callPeople` refuses what is no call.
    const isRefusal = error instanceof RangeError ? error.message.startsWith('There is no call') : false;
    const isOtherShape = error instanceof TypeError && error.message.startsWith('Expected the shape of');
    if (isRefusal || isOtherShape) return 'refused';
    throw error;
  }
}
