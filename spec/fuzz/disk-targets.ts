/** The parsers of what stands inside the state and the log: what a fault, another version or another hand left there. */
import { ContactBook, restoreBackup } from '../../net/contacts/index.ts';
import { sealBackup } from '../../net/contacts/backup-file.ts';
import { decodeIdentity, encodeIdentity, makeIdentity } from '../../net/identity/index.ts';
import { OutboxLine } from '../../net/messages/outbox-line.ts';
import { Rooms } from '../../net/messages/rooms.ts';
import { peerKey } from '../../net/peer-state.ts';
import { PeerScope } from '../../net/scope/peer-scope.ts';
import { audit } from '../../net/scope/scope-audit.ts';
import { PeerFeeds } from '../../net/sync/peer-feeds.ts';
import { decodeEntries, encodeEntry, packEntries, checkEntry } from '../../storage/entry-codec.ts';
import { makeEntryIds } from '../../storage/index.ts';
import type { Entry } from '../../storage/entry.ts';
import { openState } from '../../storage/state/state-store.ts';
import { stateFileName } from '../../storage/state/state-file.ts';
import type { Chance } from '../sim/world/chance.ts';
import { MemoryDisk } from '../unit/storage/memory-disk.ts';
import { bundleTarget } from './bundle-target.ts';
import { fontTarget } from './font-target.ts';
import { memoryState } from './memory-state.ts';
import { expect, textOf, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const folder = '/state';
const passphrase = 'correct horse battery';
const unixMs = 1_790_000_000_000;
/** scrypt at the highest cost that is taken from a file takes seconds. */
const slowBackupMs = 20_000;

export async function diskTargets(chance: Chance): Promise<readonly FuzzTarget[]> {
  return [
    await stateFileTarget(chance),
    identityTarget(chance),
    await bookTarget(chance),
    peerStateTarget(chance),
    entryTarget(chance),
    await backupTarget(chance),
    fontTarget(),
    await bundleTarget(chance),
  ];
}

/** Whatever lies there, the state opens, keeps what is written from then on, and opens with it again. */
async function stateFileTarget(chance: Chance): Promise<FuzzTarget> {
  const key = { logId: chance.bytes(16), key: chance.bytes(32) };
  const path = `${folder}/${stateFileName}`;
  const open = (files: MemoryDisk) => openState({ files, folder, key, random: chance.bytes, mode: 'write' });
  const disk = new MemoryDisk();
  const { state } = await open(disk);
  for (let at = 0; at < 12; at += 1) await state.write([{ key: `k${at % 5}`, value: JSON.stringify({ at }) }]);
  await state.close();
  const bytes = disk.bytes(path);
  return {
    name: 'state file',
    seeds: [bytes, bytes.slice(0, bytes.length >> 1)],
    take: async (input) => {
      const files = new MemoryDisk();
      files.put(path, input);
      const opened = await open(files);
      const before = opened.state.list('k').length;
      const kept = await opened.state.write([{ key: 'fresh', value: '1' }]);
      expect(kept.ok, 'a state that can be written');
      await opened.state.close();
      const again = await open(files);
      expect(again.state.get('fresh') === '1', 'what was kept to be there again');
      expect(again.state.list('k').length === before, 'as many values as before');
      await again.state.close();
      return opened.problems.length === 0 ? 'whole' : 'damaged';
    },
  };
}

function identityTarget(chance: Chance): FuzzTarget {
  const text = encodeIdentity(makeIdentity(chance.bytes));
  return {
    name: 'identity',
    seeds: [utf8(text)],
    take: (input) => {
      const decoded = decodeIdentity(textOf(input));
      if (!decoded.ok) return decoded.error.kind;
      expect(encodeIdentity(decoded.value) === text, 'only the identity as it was written to be read');
      return 'read';
    },
  };
}

/** A book with every kind of record, of which one value is changed. */
async function bookTarget(chance: Chance): Promise<FuzzTarget> {
  const values = new Map<string, string>();
  const clock = { unixMs: () => unixMs, elapsedMs: () => 0 };
  const opened = await ContactBook.open({ store: memoryState(values), random: chance.bytes, clock });
  if (!opened.ok) throw new Error(opened.error.message);
  const book = opened.value;
  await book.setName('Mia');
  await book.makeToken('friends');
  const [friend, stranger] = [makeIdentity(chance.bytes), makeIdentity(chance.bytes)];
  const asked = { contactKey: friend.contact.publicKey, token: book.doorTokens()[0]?.token };
  if (asked.token !== undefined) await book.ask({ contactKey: asked.contactKey, token: asked.token }, 'hi');
  await book.settleSecret(friend.peerId, 'own');
  await book.stampToSend(friend.peerId, unixMs);
  await book.takeStamp(friend.peerId, unixMs);
  book.noteEndpoint(friend.peerId, { address: '192.168.1.4', port: 41_975 });
  await book.block(stranger.peerId);
  await book.flush();
  const entries = [...values];
  return {
    name: 'contact book',
    seeds: entries.map(([, value]) => utf8(value)),
    take: async (input) => {
      const text = textOf(input);
      const changed = new Map(entries);
      const at = input.length % entries.length;
      const [key] = entries[at] ?? [''];
      changed.set(key, text);
      const again = await ContactBook.open({ store: memoryState(changed), random: chance.bytes, clock });
      if (!again.ok) return again.error.kind;
      for (const read of [again.value.contacts(), again.value.asked(), again.value.refused(), again.value.tokens()]) {
        expect(read.length <= 1_024, 'bounded lists');
      }
      again.value.outgoingRequests();
      return again.value.problems.length === 0 ? 'whole' : 'damaged';
    },
  };
}

/** What messages, scopes and feeds keep of a peer, one value changed. */
function peerStateTarget(chance: Chance): FuzzTarget {
  const { peerId } = makeIdentity(chance.bytes);
  const id = '01J0000000ABCDEFGHJKMNPQRS';
  const hex = 'ab'.repeat(16);
  const entries: readonly (readonly [string, unknown])[] = [
    [peerKey(peerId, 'out', 'stream'), { stream: hex.slice(0, 16), offset: 0 }],
    [peerKey(peerId, 'out', 'last'), 2],
    [peerKey(peerId, 'out', 'message', '000000000000002'), { id, message: { room: null, text: 'hi', atMs: unixMs } }],
    [peerKey(peerId, 'scope'), { revision: 2, share: 'live', sinceMs: null, games: null, channels: ['all'] }],
    [peerKey(peerId, 'live', hex), { game: 'Quake', sessions: 4, others: 3, channels: [['all', 2]], open: null }],
    [peerKey(peerId, 'told'), { revision: 1, share: 'none', sinceMs: null, games: null, channels: null }],
    [peerKey(peerId, 'feed', hex), { game: 'Quake', fill: 3, check: [3, 'ABCDEFGH'] }],
    [
      peerKey(peerId, 'room', hex),
      { room: hex, maker: peerId, title: 't', members: [peerId], former: [], atMs: unixMs },
    ],
    [peerKey(peerId, 'audit', hex), { game: 'Quake', lines: 3, firstMs: 1, lastMs: 2, sentMs: 3, upTo: 4 }],
  ];
  const clock = { unixMs: () => unixMs, elapsedMs: () => 0 };
  const log = { append: () => Promise.resolve({ ok: true, value: undefined } as const) };
  const feeds = { lengths: () => [], read: () => [] };
  return {
    name: 'state of a peer',
    seeds: entries.map(([, value]) => utf8(JSON.stringify(value))),
    take: (input) => {
      const values = new Map(entries.map(([key, value]) => [key, JSON.stringify(value)]));
      const [key] = entries[input.length % entries.length] ?? [''];
      values.set(key, textOf(input));
      const state = memoryState(values);
      const line = new OutboxLine(state, peerId, chance.bytes);
      expect(line.base >= 1, 'a number of the oldest message');
      line.read(line.base);
      line.keptBy(null);
      new PeerScope(state, feeds, peerId).skip('Quake', 1);
      const known = new PeerFeeds(state, peerId);
      for (const feed of known.list()) known.get(feed);
      new Rooms({
        own: peerId,
        state,
        log,
        clock,
        random: chance.bytes,
        peers: () => [peerId],
        onChange: () => {},
      }).list();
      audit(state, peerId);
      return 'opened';
    },
  };
}

function entryTarget(chance: Chance): FuzzTarget {
  const newId = makeEntryIds(() => unixMs, chance.bytes);
  const session = newId();
  const body = { line: '<Mia> hi', speaker: 'Mia', text: 'hi', channel: 'all', confidence: 0.5, colours: ['#ffffff'] };
  const picture = { mime: 'image/png', widthPx: 2, heightPx: 2, bytes: chance.bytes(60) } as const;
  const entries: readonly Entry[] = [
    { kind: 'session', id: session, atMs: unixMs, game: 'Quake', lobby: 'Arena', reason: 'pattern' },
    { kind: 'line', id: newId(), session, atMs: unixMs, ...body, picture },
    { kind: 'message', id: newId(), atMs: unixMs, peer: 'ab'.repeat(32), room: null, from: null, text: 'hi', seq: 1 },
  ];
  const packed = packEntries(entries.map(checkEntry)).map(({ plain }) => plain);
  return {
    name: 'entries of a record',
    seeds: [...entries.map(encodeEntry), ...packed],
    take: (input) => {
      const decoded = decodeEntries(input);
      const isRight = decoded.every(({ ok }) => ok);
      for (const entry of decoded) if (entry.ok) encodeEntry(entry.value);
      return isRight ? 'read' : 'refused';
    },
  };
}

async function backupTarget(chance: Chance): Promise<FuzzTarget> {
  const identity = encodeIdentity(makeIdentity(chance.bytes));
  const contents = { madeMs: unixMs, identity, entries: [] };
  const sealed = await sealBackup(contents, passphrase, chance.bytes, { n: 2 ** 14, r: 1, p: 1 });
  if (!sealed.ok) throw new Error(sealed.error.message);
  return {
    name: 'backup',
    slowMs: slowBackupMs,
    seeds: [utf8(sealed.value)],
    take: async (input) => {
      const values = new Map<string, string>();
      const restored = await restoreBackup(memoryState(values), textOf(input), passphrase, chance.bytes);
      expect(restored.ok === values.size > 0, 'all of a backup to be restored, or nothing');
      return restored.ok ? 'restored' : restored.error.kind;
    },
  };
}
