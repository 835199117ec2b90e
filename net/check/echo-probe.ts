/**
 * Sends beacons that nobody can read, on every interface, by multicast and by broadcast, and listens for them to come back
 * to this machine: what does not, a firewall keeps, or the interface does not carry.
 */
import { BEACON_BYTES, BEACON_TYPE } from '../discovery/index.ts';
import type { OwnBeacons } from '../discovery/index.ts';
import type { AnnouncementWay, Datagrams, LocalAddress } from '../transport/index.ts';
import type { RandomBytes } from '../world.ts';

/** A datagram may be lost for no reason at all: what was not heard is sent again. */
const ROUNDS = 3;
const ROUND_MS = 400;

export interface Echo {
  readonly from: LocalAddress;
  readonly way: AnnouncementWay;
  readonly isHeard: boolean;
}

interface Expected {
  readonly from: LocalAddress;
  readonly way: AnnouncementWay;
  /** The beacon, as text: 1,024 random bytes are nobody else's. */
  readonly text: string;
  isHeard: boolean;
}

export class EchoProbe {
  readonly #datagrams: Datagrams;
  readonly #random: RandomBytes;
  readonly #own: OwnBeacons | null;
  #expected: readonly Expected[] = [];

  /** Takes one of the listeners of `datagrams`, for good. @param own is told of each beacon, so that it knows it. */
  constructor(datagrams: Datagrams, random: RandomBytes, own: OwnBeacons | null) {
    this.#datagrams = datagrams;
    this.#random = random;
    this.#own = own;
    datagrams.onDatagram((bytes, from, via) => {
      if (via !== 'discovery' || from.port !== datagrams.sessionPort || bytes.length !== BEACON_BYTES) return;
      if (this.#expected.length === 0) return;
      const text = toText(bytes);
      for (const each of this.#expected) if (each.text === text) each.isHeard = true;
    });
  }

  /**
   * At most 1.2 s. Not to be called while it runs.
   * @param wait resolves after so many ms.
   */
  async run(wait: (durationMs: number) => Promise<void>): Promise<readonly Echo[]> {
    const expected: Expected[] = [];
    this.#expected = expected;
    for (let round = 0; round < ROUNDS; round += 1) {
      this.#datagrams.announce((from, way) => this.#make(expected, from, way));
      await wait(ROUND_MS);
      if (expected.every((each) => each.isHeard)) break;
    }
    this.#expected = [];
    return expected.map(({ from, way, isHeard }) => ({ from, way, isHeard }));
  }

  #make(expected: Expected[], from: LocalAddress, way: AnnouncementWay): Uint8Array | null {
    const known = expected.find((each) => each.from === from && each.way === way);
    if (known?.isHeard === true) return null;
    if (known !== undefined) return new Uint8Array(Buffer.from(known.text, 'latin1'));
    const bytes = this.#random(BEACON_BYTES);
    bytes[0] = BEACON_TYPE;
    this.#own?.note(bytes);
    expected.push({ from, way, text: toText(bytes), isHeard: false });
    return bytes;
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
