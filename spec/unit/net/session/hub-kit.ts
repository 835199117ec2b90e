/** Devices for tests of sessions: a hub each, with clocks, a disk that outlives restarts, and notes of all that it told. */
import nacl from 'tweetnacl';
import { derivePairKeys } from '../../../../net/pair/pair-keys.ts';
import type { PairKeys } from '../../../../net/pair/pair-keys.ts';
import { toPeerId } from '../../../../net/peer-id.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { tagAt } from '../../../../net/pair/index.ts';
import { SessionHub } from '../../../../net/session/index.ts';
import type { DownReason, SessionCounter, SessionHubOptions, SessionUp } from '../../../../net/session/index.ts';
import type { Endpoint } from '../../../../net/world.ts';
import { Lan } from './lan-kit.ts';
import type { Station, Wire } from './lan-kit.ts';

const port = 41_975;
const epochMs = 900_000;
const startUnixMs = 1_800_000_000_000;

export interface Told {
  readonly peer: PeerId;
  readonly text: string;
  readonly from: Endpoint;
}

type Handled = Pick<SessionHubOptions, 'onUp' | 'onPlain' | 'onDown' | 'onRoam' | 'send'>;
type Handlers = { -readonly [Name in keyof Handled]?: Handled[Name] };

export class Device implements Station {
  readonly lan: Lan;
  readonly name: string;
  readonly keys: nacl.BoxKeyPair;
  readonly id: PeerId;
  endpoint: Endpoint;
  /** How far the clock on the wall is off. */
  unixOffsetMs = 0;
  /** By how much the clock goes on from one look at it to the next. */
  tickMs = 0;
  /** How long the disk takes for a stamp. */
  diskMs = 3;
  /** What the disk says to a stamp; the default keeps them. */
  takeStamp: (peer: PeerId, stamp: number) => boolean;
  /** What the disk gives for the stamp that is to be sent next. */
  makeStamp: (stamp: number) => number = (stamp) => stamp;
  hub: SessionHub;
  readonly ups: { readonly peer: PeerId; readonly up: SessionUp }[] = [];
  readonly downs: { readonly peer: PeerId; readonly reason: DownReason }[] = [];
  readonly roams: Endpoint[] = [];
  readonly plains: Told[] = [];
  /** Set to take part in what the hub tells. */
  handlers: Handlers = {};
  readonly pairs = new Map<PeerId, readonly PairKeys[]>();
  readonly #taken = new Map<PeerId, number>();
  readonly #stamped = new Map<PeerId, number>();
  #ticks = 0;
  #hints = new Map<string, PeerId>();
  #hintsEpoch = -1;

  constructor(lan: Lan, name: string, address: string) {
    this.lan = lan;
    this.name = name;
    this.keys = nacl.box.keyPair.fromSecretKey(lan.bytes(32));
    this.id = toPeerId(this.keys.publicKey);
    this.endpoint = { address, port };
    this.takeStamp = (peer, stamp) => {
      if (stamp <= (this.#taken.get(peer) ?? -1)) return false;
      this.#taken.set(peer, stamp);
      return true;
    };
    this.hub = this.#start();
  }

  /** The program ends and starts again: another boot, the same disk. */
  restart(): void {
    this.stop();
    this.hub = this.#start();
    for (const [peer, pairs] of this.pairs) this.hub.setPeer(peer, pairs);
  }

  stop(): void {
    this.lan.stations.delete(this);
    this.hub.close();
  }

  /** Sends a text, labelled for the wire. */
  say(peer: Device, text: string): boolean {
    this.lan.label = text;
    const isSent = this.hub.send(peer.id, new TextEncoder().encode(text));
    this.lan.label = null;
    return isSent;
  }

  dial(peer: Device): void {
    this.hub.dial(peer.id, [peer.endpoint]);
  }

  count(name: SessionCounter): number {
    return this.hub.counters.get(name);
  }

  receive(bytes: Uint8Array, from: Endpoint): void {
    this.hub.receive(bytes, from);
  }

  nextMs(): number | null {
    return this.hub.nextMs();
  }

  poll(): void {
    this.hub.poll();
  }

  get unixMs(): number {
    return startUnixMs + this.lan.nowMs + this.unixOffsetMs;
  }

  #start(): SessionHub {
    const { lan } = this;
    lan.stations.add(this);
    return new SessionHub({
      identity: this.keys,
      bootId: lan.bytes(8),
      random: lan.bytes,
      clock: { unixMs: () => this.unixMs, elapsedMs: () => this.#look() },
      hints: { lookup: (hint, unixMs) => this.#lookUp(hint, unixMs) },
      send: (bytes, to) => (this.handlers.send ?? ((sent, goal) => lan.send(sent, this.endpoint, goal)))(bytes, to),
      takeStamp: (peer, stamp) => this.#onDisk(() => this.takeStamp(peer, stamp)),
      stampToSend: (peer) =>
        this.#onDisk(() => {
          const stamp = this.makeStamp(Math.max(this.unixMs, (this.#stamped.get(peer) ?? 0) + 1));
          this.#stamped.set(peer, stamp);
          return stamp;
        }),
      onPlain: (peer, plain, from) => {
        const text = new TextDecoder().decode(plain).replace(/\0+$/, '');
        this.plains.push({ peer, text, from });
        this.handlers.onPlain?.(peer, plain, from);
      },
      onUp: (peer, up) => {
        this.ups.push({ peer, up });
        this.handlers.onUp?.(peer, up);
      },
      onDown: (peer, reason) => {
        this.downs.push({ peer, reason });
        this.handlers.onDown?.(peer, reason);
      },
      onRoam: (peer, endpoint) => {
        this.roams.push(endpoint);
        this.handlers.onRoam?.(peer, endpoint);
      },
    });
  }

  #look(): number {
    this.#ticks += 1;
    return this.lan.nowMs + this.#ticks * this.tickMs;
  }

  #onDisk<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.lan.at(this.lan.nowMs + this.diskMs, () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error('the disk failed'));
        }
      });
    });
  }

  #lookUp(hint: Uint8Array, unixMs: number): PeerId | null {
    const epoch = Math.floor(unixMs / epochMs);
    if (epoch !== this.#hintsEpoch) {
      this.#hintsEpoch = epoch;
      this.#hints = new Map();
      for (const [peer, pairs] of this.pairs) {
        for (const pair of pairs) {
          for (let off = -48; off <= 48; off += 1) {
            this.#hints.set(toHex(tagAt(pair.hintIn, 'hint', (epoch + off) * epochMs)), peer);
          }
        }
      }
    }
    return this.#hints.get(toHex(hint)) ?? null;
  }

  /** Knows the peer by these pair secrets, the one to dial with first. */
  accept(peer: Device, secrets: readonly Uint8Array[]): void {
    const pairs = secrets.map((secret) => derivePairKeys(secret, this.keys.publicKey, peer.keys.publicKey));
    this.pairs.set(peer.id, pairs);
    this.#hintsEpoch = -1;
    this.hub.setPeer(peer.id, pairs);
  }
}

/** Two devices that accepted each other by one pair secret. */
export function makeTwo(seed: string, wire?: Wire): { readonly lan: Lan; readonly ada: Device; readonly bob: Device } {
  const lan = new Lan(seed, wire);
  const ada = new Device(lan, 'ada', '10.0.0.1');
  const bob = new Device(lan, 'bob', '10.0.0.2');
  befriend(ada, bob);
  return { lan, ada, bob };
}

export function befriend(a: Device, b: Device, secret = a.lan.bytes(32)): void {
  a.accept(b, [secret]);
  b.accept(a, [secret]);
}

/** Two devices with a session, begun by the first, and nothing under way. */
export async function makeConnected(seed: string, wire?: Wire): Promise<ReturnType<typeof makeTwo>> {
  const two = makeTwo(seed, wire);
  two.ada.dial(two.bob);
  await two.lan.run(200);
  if (!areUp(two.ada, two.bob)) throw new Error('Expected a session but received none');
  return two;
}

export function areUp(a: Device, b: Device): boolean {
  return a.hub.isUp(b.id) && b.hub.isUp(a.id);
}

/** Whether a text of each came to the other, by tries a second apart. */
export async function canTalk(a: Device, b: Device, limitMs: number): Promise<boolean> {
  const { lan } = a;
  const [toB, toA] = [`a to b at ${lan.nowMs}`, `b to a at ${lan.nowMs}`];
  const hasBoth = (): boolean =>
    b.plains.some((plain) => plain.text === toB) && a.plains.some((plain) => plain.text === toA);
  for (let triedMs = 0; triedMs < limitMs && !hasBoth(); triedMs += 1_000) {
    a.say(b, toB);
    b.say(a, toA);
    await lan.run(1_000);
  }
  return hasBoth();
}

/** Counts the multiplications of tweetnacl's X25519 from here to `stop`. */
export function countCurveOperations(): { readonly count: () => number; readonly stop: () => void } {
  let count = 0;
  const { scalarMult } = nacl;
  const counted = (n: Uint8Array, p: Uint8Array): Uint8Array => {
    count += 1;
    return scalarMult(n, p);
  };
  const base = (n: Uint8Array): Uint8Array => {
    count += 1;
    return scalarMult.base(n);
  };
  Object.assign(nacl, { scalarMult: Object.assign(counted, scalarMult, { base }) });
  return { count: () => count, stop: () => Object.assign(nacl, { scalarMult }) };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
