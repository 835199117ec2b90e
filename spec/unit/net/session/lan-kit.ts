/**
 * A LAN in memory for tests: virtual time, a wire that loses, repeats, delays, reorders and changes datagrams, all from one seed.
 */
import { createHash } from 'node:crypto';
import { isSameEndpoint } from '../../../../net/world.ts';
import type { Endpoint } from '../../../../net/world.ts';

/** What the wire does to datagrams. Rates are 0 to 1; each datagram is delayed by a time of its own, so they are reordered. */
export interface Wire {
  lossRate: number;
  duplicateRate: number;
  corruptRate: number;
  delayMs: readonly [number, number];
}

export const perfectWire: Wire = { lossRate: 0, duplicateRate: 0, corruptRate: 0, delayMs: [1, 1] };
export const badWire: Wire = { lossRate: 0.25, duplicateRate: 0.2, corruptRate: 0.1, delayMs: [0, 120] };

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** What the sender wrote on it for the test, or null. */
  readonly label: string | null;
  readonly atMs: number;
}

/** Something with an address on the LAN. */
export interface Station {
  readonly endpoint: Endpoint;
  receive(bytes: Uint8Array, from: Endpoint): void;
  /** When it wants to be polled, or null. */
  nextMs(): number | null;
  poll(): void;
}

interface Job {
  readonly atMs: number;
  readonly run: () => void;
}

/** Polls at one and the same moment after which a test is stopped: a station whose due time does not move would hang it. */
const pollsLimit = 1_000;

export class Lan {
  /** Time of the clock that never goes back. */
  nowMs = 1_000_000;
  readonly wire: Wire;
  readonly stations = new Set<Station>();
  /** All that was ever sent. */
  readonly sent: Datagram[] = [];
  /** Labels of datagrams that the wire lost or changed, and whose copy did not get through either. */
  readonly lostLabels = new Set<string>();
  readonly bytes: (count: number) => Uint8Array;
  label: string | null = null;
  /** What the wire lets through at all. */
  passes: (datagram: Datagram) => boolean = () => true;
  readonly #jobs: Job[] = [];

  constructor(seed: string, wire: Wire = perfectWire) {
    this.bytes = seededBytes(seed);
    this.wire = { ...wire };
  }

  /** 0 to 1, without 1. */
  chance(): number {
    const bytes = this.bytes(4);
    return new DataView(bytes.buffer).getUint32(0, true) / 2 ** 32;
  }

  /** Runs `job` at that time of the LAN. */
  at(atMs: number, run: () => void): void {
    const before = this.#jobs.findLastIndex((job) => job.atMs <= atMs);
    this.#jobs.splice(before + 1, 0, { atMs, run });
  }

  send(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const { label, nowMs } = this;
    const datagram = { bytes: bytes.slice(), from, to, label, atMs: nowMs };
    this.sent.push(datagram);
    if (!this.passes(datagram)) {
      if (label !== null) this.lostLabels.add(label);
      return;
    }
    let arrivals = 0;
    const copies = this.chance() < this.wire.duplicateRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.chance() < this.wire.lossRate) continue;
      const isCorrupt = this.chance() < this.wire.corruptRate;
      if (!isCorrupt) arrivals += 1;
      this.#deliver(isCorrupt ? this.#corrupt(bytes) : bytes, from, to);
    }
    if (arrivals === 0 && label !== null) this.lostLabels.add(label);
  }

  /** Lets the time pass by `ms`. */
  async run(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    let polls = 0;
    for (let nextMs = this.#nextMs(); nextMs <= untilMs; nextMs = this.#nextMs()) {
      polls = nextMs > this.nowMs ? 0 : polls + 1;
      if (polls > pollsLimit) throw new Error('Expected the time to go on but received polls without end');
      this.nowMs = Math.max(this.nowMs, nextMs);
      const job = this.#jobs[0];
      if (job !== undefined && job.atMs <= this.nowMs) {
        this.#jobs.shift();
        job.run();
      } else {
        for (const station of this.stations) if ((station.nextMs() ?? Infinity) <= this.nowMs) station.poll();
      }
      await settle();
    }
    this.nowMs = untilMs;
  }

  /** Lets the time pass until `isDone`, at most `limitMs`; false where it was not done by then. */
  async runUntil(isDone: () => boolean, limitMs: number): Promise<boolean> {
    const endMs = this.nowMs + limitMs;
    while (!isDone() && this.nowMs < endMs) await this.run(Math.min(50, endMs - this.nowMs));
    return isDone();
  }

  #nextMs(): number {
    const jobMs = this.#jobs[0]?.atMs ?? Infinity;
    return Math.min(jobMs, ...[...this.stations].map((station) => station.nextMs() ?? Infinity));
  }

  #deliver(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const [least, most] = this.wire.delayMs;
    const copy = Uint8Array.from(bytes);
    this.at(this.nowMs + least + Math.floor(this.chance() * (most - least + 1)), () => {
      for (const station of this.stations) {
        if (!isSameEndpoint(station.endpoint, to)) continue;
        // Sockets give buffers of memory that is used again.
        const taken = Buffer.from(copy);
        station.receive(taken, from);
        taken.fill(0xee);
      }
    });
  }

  /** One byte changed, or the end cut off. */
  #corrupt(bytes: Uint8Array): Uint8Array {
    const at = Math.floor(this.chance() * bytes.length);
    if (this.chance() < 0.3) return bytes.slice(0, at);
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(this.chance() * 255));
    return changed;
  }
}

/** Lets everything run that waits for promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Bytes that are the same for the same seed. */
export function seededBytes(seed: string): (count: number) => Uint8Array {
  let block = 0;
  let pool = Buffer.alloc(0);
  return (count) => {
    while (pool.length < count) {
      pool = Buffer.concat([pool, createHash('sha512').update(`${seed} ${block}`).digest()]);
      block += 1;
    }
    const bytes = new Uint8Array(pool.subarray(0, count));
    pool = pool.subarray(count);
    return bytes;
  };
}
