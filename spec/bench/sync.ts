/**
 * Figures of what stands above delivery, without disk and network: `node --import tsx spec/bench/sync.ts [ENTRIES]`.
 * Codec, sending and receiving of ENTRIES lines (default 100,000), bytes for each, and catching up with ten lines
 * more in a feed of a million.
 */
import { cpus } from 'node:os';
import { formatEntry } from '../../net/records/entry-check.ts';
import { encodeBatch } from '../../net/records/batch.ts';
import { decodeRecord, encodeBatchRecord } from '../../net/records/record.ts';
import { feedId } from '../../net/sync/feed-id.ts';
import { isEntryId, isGeneration } from '../../net/records/ids.ts';
import type { Scope } from '../../net/scope/scope.ts';
import type { EntryId, FeedItem } from '../../storage/index.ts';
import { LinkWorld, makeSigner, parseKey } from '../unit/net/sync/link-world.ts';
import { settle } from '../unit/net/sync/fake-disk.ts';
import { OwnChat } from '../unit/net/sync/own-chat.ts';

const entryCount = Number(process.argv[2] ?? 100_000);
const million = 1_000_000;
const words = 'meet at the docks when you have the flag and bring more ammo please'.split(' ');

/** The same id for the same number. */
function toId(number: number): EntryId {
  const id = `01HF${String(number).padStart(22, '0')}`;
  if (!isEntryId(id)) throw new TypeError(`Expected an id for ${number} but received ${id}`);
  return id;
}

/** A feed of any length whose lines are made when they are read. */
class LongChat extends OwnChat {
  length = 0;
  readonly #session = toId(1);

  override lengths() {
    return [{ game: 'Quake', length: this.length }];
  }

  override read(_: string, from: number, limit: number): readonly FeedItem[] {
    const count = Math.max(0, Math.min(limit, this.length - from + 1));
    return Array.from({ length: count }, (_, at) => this.#item(from + at));
  }

  #item(number: number): FeedItem {
    const atMs = 1_700_000_000_000 + number * 900;
    const id = toId(number);
    if (number === 1) {
      const session = { kind: 'session', id: this.#session, atMs, game: 'Quake', lobby: 'Arena', reason: 'x' } as const;
      return { number, entry: session, channel: null, atMs };
    }
    const text = words.slice(number % 4, 4 + (number % 9)).join(' ');
    const body = { line: `[12:04] Mia_${number % 90}: ${text}`, speaker: `Mia_${number % 90}`, text, channel: 'all' };
    const read = { ...body, confidence: 0.93, colours: ['#ffcc00'], picture: null };
    return { number, entry: { kind: 'line', id, session: this.#session, atMs, ...read }, channel: 'all', atMs };
  }
}

const figures: { figure: string; value: string }[] = [];
const tell = (figure: string, value: string) => figures.push({ figure, value });
const perSecond = (count: number, ms: number) => `${Math.round((count / ms) * 1_000).toLocaleString('en')} / s`;
/** CPU time of this process, so that what else runs on the machine does not count. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const all: Scope = { share: 'history', sinceMs: null, games: null, channels: null };

/** JSON, check and signature alone. */
function measureCodec(): void {
  const signer = makeSigner('a');
  const key = parseKey(signer.publicKey);
  const chat = new LongChat('codec');
  chat.length = entryCount;
  const generation = '0011223344556677';
  if (!isGeneration(generation)) throw new TypeError('Expected a generation but received another text');
  const head = { feed: feedId(signer.publicKey, generation, 'Quake'), game: 'Quake', generation, scope: 1 };
  const batches: FeedItem[][] = [];
  for (let from = 1; from <= entryCount; from += 512) batches.push([...chat.read('Quake', from, 512)]);
  let start = cpuMs();
  const records = batches.map((items, at) => {
    const parts = items.flatMap(({ entry }) => (entry === null ? [] : [formatEntry(entry)]));
    return encodeBatchRecord(encodeBatch({ ...head, from: at * 512 + 1 }, parts, (message) => signer.sign(message)));
  });
  tell(`write ${entryCount} entries and sign`, `${Math.round(cpuMs() - start)} ms`);
  start = cpuMs();
  let right = 0;
  for (const record of records) {
    const decoded = decodeRecord(2, record);
    if (!decoded.ok || decoded.value.kind !== 'batch') continue;
    if (key.verify(decoded.value.signed, decoded.value.signature)) right += decoded.value.entries.length;
  }
  tell(`read ${right} entries: JSON, check, signature`, `${Math.round(cpuMs() - start)} ms`);
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  tell('bytes an entry', (bytes / entryCount).toFixed(0));
}

class Pair extends LinkWorld {
  readonly spentMs: [number, number] = [0, 0];
  readonly chat = new LongChat('a');

  constructor(length: number) {
    super();
    this.chat.length = length;
    Object.assign(this.a.disk, { chat: this.chat });
    for (const device of this.devices) device.disk.isQuick = true;
    // As the delivery layer has it.
    for (const pipe of this.pipes) pipe.roomBytes = 4 * 1024 * 1024;
  }

  /** Delivers until nothing moves; the time of each side's work is what its calls and what they leave behind take. */
  async rest(): Promise<void> {
    for (let idle = 0; idle < 4; idle += 1) {
      for (const [at, device] of this.devices.entries()) {
        for (const cls of [0, 1, 2] as const) {
          for (;;) {
            const start = cpuMs();
            if (!this.deliver(device, cls)) break;
            await settle();
            this.spentMs[at === 0 ? 1 : 0] += cpuMs() - start;
            idle = 0;
          }
        }
      }
      await settle();
    }
  }
}

async function measureSync(): Promise<void> {
  const pair = new Pair(entryCount);
  await pair.a.link.setScope(all);
  pair.up();
  await pair.rest();
  const taken = pair.b.disk.entries.length;
  tell(`${taken} entries over a link: sender`, perSecond(taken, pair.spentMs[0]));
  tell(`${taken} entries over a link: receiver`, perSecond(taken, pair.spentMs[1]));
  tell('bytes an entry, both ways', ((pair.pipes[0].crossedBytes + pair.pipes[1].crossedBytes) / taken).toFixed(0));
}

async function measureCatchUp(): Promise<void> {
  const pair = new Pair(million);
  await pair.a.link.setScope({ ...all, share: 'live' });
  pair.up();
  await pair.rest();
  tell('a million holes: bytes', String(pair.pipes[0].crossedBytes + pair.pipes[1].crossedBytes));
  for (const round of ['first', 'later']) {
    pair.down();
    pair.crash(pair.b, { state: 0, log: 0, torn: 0 });
    pair.chat.length += 10;
    const [a, b] = pair.pipes.map(({ crossedBytes }) => crossedBytes);
    const start = cpuMs();
    pair.up();
    await pair.rest();
    const ms = cpuMs() - start;
    const [bytesA, bytesB] = [pair.pipes[0].crossedBytes - (a ?? 0), pair.pipes[1].crossedBytes - (b ?? 0)];
    tell(`10 entries more in ${million}, ${round} time`, `${ms.toFixed(1)} ms, ${bytesA} + ${bytesB} bytes`);
  }
  if (pair.b.disk.entries.filter(({ kind }) => kind === 'line').length !== 20) throw new Error('Expected 20 lines');
}

measureCodec();
await measureSync();
await measureCatchUp();
process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`);
console.table(figures);
