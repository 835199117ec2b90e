/** One beacon on every interface of this machine, each bound to the address that it leaves from. */
import type { Datagrams } from '../transport/index.ts';
import type { RandomBytes } from '../world.ts';
import { prepareBeacon } from './beacon.ts';
import type { BeaconKey } from './beacon.ts';
import type { OwnBeacons } from './own-beacons.ts';

export interface BeaconAnnouncement {
  readonly datagrams: Datagrams;
  /** Told of each beacon before it leaves. */
  readonly own: OwnBeacons;
  /** `beaconOut` of at most 64 peers, else RangeError. With none nothing is sent: nobody is there to read it. */
  readonly keys: readonly BeaconKey[];
  readonly unixMs: number;
  readonly random: RandomBytes;
}

/** Costs an HMAC a key, and one more a key and an address. */
export function announceBeacon({ datagrams, own, keys, unixMs, random }: BeaconAnnouncement): void {
  if (keys.length === 0) return;
  const write = prepareBeacon(keys, unixMs, random);
  // Multicast and broadcast of one address carry the same beacon, so that a reader can leave out the second.
  const written = new Map<string, Uint8Array>();
  datagrams.announce(({ address, zone }) => {
    const name = `${address}%${zone}`;
    const beacon = written.get(name) ?? write({ address, port: datagrams.sessionPort });
    if (!written.has(name)) own.note(beacon);
    written.set(name, beacon);
    return beacon;
  });
}
