/**
 * A network without a network: wires that lose, repeat, delay and reorder packets by a seed and have a narrowest place with a queue of
 * its own, and the line between two parties that take packets and give packets, run in virtual time. A second takes milliseconds, and one
 * seed replays every packet.
 */

/** 0 to 1, not 1. */
export type Random = () => number;

/** Mulberry32 (public domain): 32 bits of state, each seed a sequence of its own. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface WireOptions {
  /** Share of packets lost at random, 0 to 1. */
  readonly lossRate?: number;
  /** Share of packets that arrive a second time, each copy with a delay of its own. */
  readonly duplicateRate?: number;
  /** One way. */
  readonly delayMs?: number;
  /** Up to so much more, evenly; packets overtake each other within it. */
  readonly jitterMs?: number;
  /** Rate of the narrowest place; without it, none. */
  readonly bytesPerMs?: number;
  /** Bytes that wait there at the most; what comes when it is full is lost. */
  readonly queueBytes?: number;
  /** Bytes that each packet costs beyond its own. */
  readonly overheadBytes?: number;
}

/** What happened to packets of a wire. */
export interface WireCounts {
  sent: number;
  lost: number;
  overflowed: number;
  duplicated: number;
  arrived: number;
}

interface Flying {
  readonly bytes: Uint8Array;
  readonly arriveMs: number;
}

/** One direction. Its options may be changed while it runs. */
export class Wire {
  options: WireOptions;
  readonly counts: WireCounts = { sent: 0, lost: 0, overflowed: 0, duplicated: 0, arrived: 0 };
  readonly #random: Random;
  readonly #flying: Flying[] = [];
  #first = 0;
  #busyUntilMs = 0;

  constructor(options: WireOptions, random: Random) {
    this.options = options;
    this.#random = random;
  }

  /** Takes a copy of a packet. */
  send(bytes: Uint8Array, nowMs: number): void {
    const { lossRate = 0, duplicateRate = 0, bytesPerMs, queueBytes = 64_000, overheadBytes = 0 } = this.options;
    this.counts.sent += 1;
    let outMs = nowMs;
    if (bytesPerMs !== undefined) {
      const waitingBytes = Math.max(0, this.#busyUntilMs - nowMs) * bytesPerMs;
      if (waitingBytes > queueBytes) {
        this.counts.overflowed += 1;
        return;
      }
      this.#busyUntilMs = Math.max(this.#busyUntilMs, nowMs) + (bytes.length + overheadBytes) / bytesPerMs;
      outMs = this.#busyUntilMs;
    }
    if (this.#random() < lossRate) {
      this.counts.lost += 1;
      return;
    }
    this.#fly(bytes.slice(), outMs);
    if (duplicateRate > 0 && this.#random() < duplicateRate) {
      this.counts.duplicated += 1;
      this.#fly(bytes.slice(), outMs);
    }
  }

  #fly(bytes: Uint8Array, outMs: number): void {
    const { delayMs = 0, jitterMs = 0 } = this.options;
    const arriveMs = outMs + delayMs + (jitterMs > 0 ? this.#random() * jitterMs : 0);
    let at = this.#flying.length;
    while (at > this.#first && (this.#flying[at - 1]?.arriveMs ?? 0) > arriveMs) at -= 1;
    this.#flying.splice(at, 0, { bytes, arriveMs });
  }

  /** When the next packet arrives; Infinity where none flies. */
  get arriveMs(): number {
    return this.#flying[this.#first]?.arriveMs ?? Number.POSITIVE_INFINITY;
  }

  /** The next packet that has arrived by then, else null. */
  take(nowMs: number): Uint8Array | null {
    const flying = this.#flying[this.#first];
    if (flying === undefined || flying.arriveMs > nowMs) return null;
    this.#first += 1;
    this.counts.arrived += 1;
    if (this.#first > 1_000) {
      this.#flying.splice(0, this.#first);
      this.#first = 0;
    }
    return flying.bytes;
  }
}

/** Whoever takes and gives packets; `Delivery` is one. */
export interface Party {
  receive(bytes: Uint8Array, nowMs: number): unknown;
  next(nowMs: number): Uint8Array | null;
  nextMs(): number | null;
}

export interface LineOptions {
  /** Of the wire from the first to the second party; `back`: of the other, the same unless said. */
  readonly there: WireOptions;
  readonly back?: WireOptions;
  readonly seed: number;
  /** Timers come at whole multiples of it, as those of a real program do; 0: exactly. */
  readonly timerMs?: number;
  /** Packets that one party may send at one instant: more means that it never ends. */
  readonly burstLimit?: number;
}

/** Two parties, two wires and the time. */
export class Line {
  readonly there: Wire;
  readonly back: Wire;
  readonly #parties: readonly [Party, Party];
  readonly #timerMs: number;
  readonly #burstLimit: number;
  /** Actions of the test, by time. */
  readonly #agenda: { readonly atMs: number; readonly act: () => void }[] = [];
  #nowMs = 0;

  constructor(
    first: Party,
    second: Party,
    { there, back = there, seed, timerMs = 0, burstLimit = 20_000 }: LineOptions,
  ) {
    const random = makeRandom(seed);
    this.there = new Wire(there, random);
    this.back = new Wire(back, random);
    this.#parties = [first, second];
    this.#timerMs = timerMs;
    this.#burstLimit = burstLimit;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Does something at a time that is to come. */
  at(atMs: number, act: () => void): void {
    let place = this.#agenda.length;
    while (place > 0 && (this.#agenda[place - 1]?.atMs ?? 0) > atMs) place -= 1;
    this.#agenda.splice(place, 0, { atMs, act });
  }

  /** Runs until `isDone` or `untilMs`; true where it is done. @throws Error where a party asks for its turn and does nothing. */
  run(untilMs: number, isDone: () => boolean = () => false): boolean {
    this.#pump();
    while (!isDone()) {
      const nextMs = this.#nextMs();
      if (nextMs > untilMs) {
        this.#nowMs = untilMs;
        return isDone();
      }
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      this.#act();
      this.#pump();
    }
    return true;
  }

  #nextMs(): number {
    let nextMs = Math.min(this.there.arriveMs, this.back.arriveMs, this.#agenda[0]?.atMs ?? Number.POSITIVE_INFINITY);
    for (const party of this.#parties) {
      const timerMs = party.nextMs();
      if (timerMs === null) continue;
      if (timerMs <= this.#nowMs) throw new Error(`Expected a time after ${this.#nowMs} but a party said ${timerMs}`);
      nextMs = Math.min(nextMs, this.#timerMs === 0 ? timerMs : Math.ceil(timerMs / this.#timerMs) * this.#timerMs);
    }
    return nextMs;
  }

  #act(): void {
    for (let due = this.#agenda[0]; due !== undefined && due.atMs <= this.#nowMs; due = this.#agenda[0]) {
      this.#agenda.shift();
      due.act();
    }
    const [first, second] = this.#parties;
    for (let bytes = this.there.take(this.#nowMs); bytes !== null; bytes = this.there.take(this.#nowMs)) {
      second.receive(bytes, this.#nowMs);
    }
    for (let bytes = this.back.take(this.#nowMs); bytes !== null; bytes = this.back.take(this.#nowMs)) {
      first.receive(bytes, this.#nowMs);
    }
  }

  #pump(): void {
    for (const [index, party] of this.#parties.entries()) {
      const wire = index === 0 ? this.there : this.back;
      for (let sent = 0; ; sent += 1) {
        const bytes = party.next(this.#nowMs);
        if (bytes === null) break;
        if (sent === this.#burstLimit) throw new Error(`Expected at most ${sent} packets at one instant`);
        wire.send(bytes, this.#nowMs);
      }
    }
  }
}
