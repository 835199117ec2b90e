/**
 * Knows this program's own beacons when they come back, so that a beacon in our name that we did not send, or one of ours
 * from a place where we are not, is noticed. Neither can be read or answered by whoever does it; the network check tells.
 */
import { beaconSalt, isBeacon } from './beacon.ts';
import type { Endpoint } from '../world.ts';

/** Salts that are remembered: eight announcements over 32 addresses. */
const SALTS_LIMIT = 256;
const ADDRESSES_LIMIT = 8;

/**
 * `own`: came back to us. `repeated`: ours, but from an address that is not this machine's. `doubled`: from this machine's
 * own address and port, but not ours. `other`: all else.
 */
export type BeaconOrigin = 'own' | 'repeated' | 'doubled' | 'other';

export class OwnBeacons {
  readonly #salts = new Set<string>();
  readonly #repeaters = new Set<string>();
  readonly #doubles = new Set<string>();

  /** Addresses that own beacons came from without being this machine's; the first 8. */
  get repeaters(): readonly string[] {
    return [...this.#repeaters];
  }

  /** This machine's addresses that somebody else seems to have, too; the first 8. */
  get doubles(): readonly string[] {
    return [...this.#doubles];
  }

  /** A beacon is about to be sent. */
  note(beacon: Uint8Array): void {
    this.#salts.add(saltName(beacon));
    if (this.#salts.size <= SALTS_LIMIT) return;
    for (const oldest of this.#salts) {
      this.#salts.delete(oldest);
      return;
    }
  }

  /** @param isOwnAddress whether `from.address` is this machine's. @param sessionPort this program's. */
  judge(bytes: Uint8Array, from: Endpoint, isOwnAddress: boolean, sessionPort: number): BeaconOrigin {
    if (!isBeacon(bytes)) return 'other';
    const isOurs = this.#salts.has(saltName(bytes));
    if (isOurs && isOwnAddress) return 'own';
    if (isOurs) {
      if (this.#repeaters.size < ADDRESSES_LIMIT) this.#repeaters.add(from.address);
      return 'repeated';
    }
    if (!isOwnAddress || from.port !== sessionPort) return 'other';
    if (this.#doubles.size < ADDRESSES_LIMIT) this.#doubles.add(from.address);
    return 'doubled';
  }
}

function saltName(beacon: Uint8Array): string {
  return Buffer.from(beaconSalt(beacon)).toString('latin1');
}
