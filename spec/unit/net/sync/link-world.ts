/**
 * Two devices joined by a pipe that keeps the order within a class, loses all that is under way when either starts
 * anew, and shows every record that crosses to the test. Disks are driven by the test.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { Outbox } from '../../../../net/messages/outbox.ts';
import { Rooms } from '../../../../net/messages/rooms.ts';
import type { Room } from '../../../../net/messages/rooms.ts';
import { isPeerId } from '../../../../net/peer-id.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { PeerLink } from '../../../../net/sync/peer-link.ts';
import type { BatchKey } from '../../../../net/sync/feed-receiver.ts';
import type { BatchSigner, LinkEvents } from '../../../../net/sync/link-options.ts';
import type { RecordClass } from '../../../../net/records/record.ts';
import type { SharedLog } from '../../../../net/sync/shared-log.ts';
import type { Clock } from '../../../../net/world.ts';
import { makeEntryIds } from '../../../../storage/index.ts';
import type { StateStore } from '../../../../storage/index.ts';
import { seededRandom } from '../../storage/log-kit.ts';
import { FakeDisk, settle } from './fake-disk.ts';
import type { CrashPoint } from './fake-disk.ts';
import { OwnChat } from './own-chat.ts';

const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

export function makeSigner(name: string): BatchSigner {
  const seed = createHash('sha256').update(name).digest();
  const key = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(publicHead.length);
  return { publicKey: new Uint8Array(publicKey), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

export function parseKey(publicKey: Uint8Array): BatchKey {
  const der = Buffer.concat([publicHead, publicKey]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return { publicKey, verify: (message, signature) => verify(null, message, key, signature) };
}

export function peerNamed(name: string): PeerId {
  const id = createHash('sha256').update(name).digest('hex');
  if (!isPeerId(id)) throw new TypeError(`Expected a peer id but received ${id}`);
  return id;
}

const noEvents: LinkEvents = {
  onProfile: () => {},
  onScope: () => {},
  onMessages: () => {},
  onStates: () => {},
  onEntries: () => {},
  onForked: () => {},
  onBye: () => {},
};

/** Bytes that a class holds before it is full: less than the delivery layer has, so that tests meet it. */
const pipeBytesDefault = 64 * 1024;

/** One device, as it is since its last start. */
export class Device {
  readonly name: string;
  readonly id: PeerId;
  disk: FakeDisk;
  starts = 0;
  /** Advances only when a test says so. */
  elapsedMs = 0;
  link: PeerLink;
  outbox: Outbox;
  rooms: Rooms;
  readonly forked: string[] = [];
  readonly signer: BatchSigner;
  readonly #peer: PeerId;
  readonly #pipe: Pipe;

  constructor(name: string, peer: string, pipe: Pipe) {
    this.name = name;
    this.id = peerNamed(name);
    this.signer = makeSigner(name);
    this.#peer = peerNamed(peer);
    this.#pipe = pipe;
    this.disk = new FakeDisk(new OwnChat(name));
    [this.outbox, this.rooms, this.link] = this.#start();
  }

  get bootId(): string {
    return `${this.name} ${this.starts}`;
  }

  crash(point: CrashPoint, chat?: OwnChat): void {
    this.disk = this.disk.crash(point, chat);
    this.starts += 1;
    [this.outbox, this.rooms, this.link] = this.#start();
  }

  /** Starts on another disk, as after a backup was put back. */
  restore(disk: FakeDisk): void {
    this.disk = disk;
    this.starts += 1;
    [this.outbox, this.rooms, this.link] = this.#start();
  }

  #start(): [Outbox, Rooms, PeerLink] {
    const { state, log } = this.disk;
    const start = this.starts;
    const isAlive = () => this.starts === start;
    const pipe = this.#pipe;
    const { outbox, rooms, link } = startLink({
      name: this.name,
      peer: this.#peer,
      seed: `${this.name} ${this.starts}`,
      state,
      log,
      clock: { unixMs: () => this.disk.chat.nowMs, elapsedMs: () => this.elapsedMs },
      queue: (cls, bytes) => isAlive() && pipe.queue(cls, bytes),
      drop: (cls) => {
        if (isAlive()) pipe.drop(cls);
      },
      onForked: (game) => this.forked.push(game),
    });
    return [outbox, rooms, link];
  }
}

export interface LinkGround {
  readonly name: string;
  readonly peer: PeerId;
  readonly seed: string;
  readonly state: StateStore;
  readonly log: SharedLog;
  readonly clock: Clock;
  readonly queue: (cls: RecordClass, bytes: Uint8Array) => boolean;
  readonly drop: (cls: RecordClass) => void;
  readonly onForked?: (game: string) => void;
}

/** A link of the device `name` with its outbox and rooms, as the engine would put them together. */
export function startLink(ground: LinkGround): {
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly link: PeerLink;
} {
  const { name, peer, seed, state, log, clock, queue, drop, onForked = () => {} } = ground;
  const random = seededRandom(seed);
  const world = { state, log, clock, random, newId: makeEntryIds(() => clock.unixMs(), random) };
  const outbox = new Outbox({ ...world, knows: (id) => id === peer, onReady: () => link?.messagesReady() });
  const onChange = ({ room }: Room) => link?.roomChanged(room);
  const rooms = new Rooms({ ...world, own: peerNamed(name), peers: () => [peer], onChange });
  const link: PeerLink | undefined = new PeerLink({
    ...world,
    peer,
    name: () => name,
    signing: makeSigner(name),
    peerKey: null,
    parseKey,
    outbox,
    rooms,
    delivery: { queue, drop, soon: () => link?.tell() },
    events: { ...noEvents, onForked },
  });
  return { outbox, rooms, link };
}

/** Records from one device on their way to the other, and what is to be told of each that leaves. */
export class Pipe {
  readonly #classes: Uint8Array[][] = [[], [], []];
  readonly #wasFull = [false, false, false];
  roomBytes = pipeBytesDefault;
  /** Bytes that crossed. */
  crossedBytes = 0;
  onCross: (cls: RecordClass, bytes: Uint8Array) => void = () => {};
  onQueue: (cls: RecordClass, bytes: Uint8Array) => void = () => {};

  queue(cls: RecordClass, bytes: Uint8Array): boolean {
    const waiting = this.#classes[cls] ?? [];
    const held = waiting.reduce((sum, record) => sum + record.length, 0);
    // A record larger than all the room goes into an empty class.
    if (held > 0 && held + bytes.length > this.roomBytes) {
      this.#wasFull[cls] = true;
      return false;
    }
    this.onQueue(cls, bytes);
    waiting.push(bytes);
    return true;
  }

  drop(cls: RecordClass): void {
    this.#classes[cls]?.splice(0);
  }

  clear(): void {
    for (const cls of [0, 1, 2] as const) {
      this.drop(cls);
      this.#wasFull[cls] = false;
    }
  }

  waiting(cls: RecordClass): number {
    return this.#classes[cls]?.length ?? 0;
  }

  /** Gives the next record of a class to `to`, and tells `from` where that made room. */
  deliver(cls: RecordClass, from: PeerLink, to: PeerLink): boolean {
    const bytes = this.#classes[cls]?.shift();
    if (bytes === undefined) return false;
    this.crossedBytes += bytes.length;
    this.onCross(cls, bytes);
    to.record(cls, bytes);
    if (this.#wasFull[cls] === true && this.waiting(cls) === 0) {
      this.#wasFull[cls] = false;
      from.drained(cls);
    }
    return true;
  }
}

export class LinkWorld {
  readonly pipes: readonly [ab: Pipe, ba: Pipe] = [new Pipe(), new Pipe()];
  readonly a: Device;
  readonly b: Device;
  #isUp = false;
  #boots = '';

  constructor() {
    this.a = new Device('a', 'b', this.pipes[0]);
    this.b = new Device('b', 'a', this.pipes[1]);
  }

  get devices(): readonly [Device, Device] {
    return [this.a, this.b];
  }

  up(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    const boots = `${this.a.bootId} ${this.b.bootId}`;
    const isNew = boots !== this.#boots;
    this.#boots = boots;
    if (isNew) for (const pipe of this.pipes) pipe.clear();
    this.a.link.up(this.b.bootId, isNew);
    this.b.link.up(this.a.bootId, isNew);
  }

  down(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    for (const { link } of this.devices) link.down();
  }

  /** A device starts anew; what was under way is lost. */
  crash(device: Device, point: CrashPoint): void {
    this.down();
    for (const pipe of this.pipes) pipe.clear();
    device.crash(point);
  }

  restore(device: Device, disk: FakeDisk): void {
    this.down();
    for (const pipe of this.pipes) pipe.clear();
    device.restore(disk);
  }

  deliver(from: Device, cls: RecordClass): boolean {
    if (!this.#isUp) return false;
    const to = from === this.a ? this.b : this.a;
    return this.pipes[from === this.a ? 0 : 1].deliver(cls, from.link, to.link);
  }

  /** Both up, disks that write, until nothing moves any more. @returns how many records crossed. */
  async converge(): Promise<number> {
    this.up();
    let crossed = 0;
    for (let idle = 0; idle < 3;) {
      idle += 1;
      await settle();
      for (const device of this.devices) {
        while (device.disk.step()) {
          idle = 0;
          await settle();
        }
        if (device.link.nextMs <= device.elapsedMs + 10_000 || device.outbox.nextMs < Infinity) {
          device.elapsedMs += 10_000;
          device.link.poll();
          device.outbox.poll();
        }
        for (const cls of [0, 1, 2] as const) {
          while (this.deliver(device, cls)) {
            crossed += 1;
            idle = 0;
          }
        }
      }
      if (crossed > 200_000) throw new Error('Expected the two to come to rest but they talk for ever');
    }
    return crossed;
  }
}
