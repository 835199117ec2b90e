/**
 * The accepted peers as beacons need them: their tags in one table, and the keys of both directions. Two people who asked
 * each other have two pair secrets until a session was made, so an owner is a peer or one of its secrets.
 */
import type { Epoch } from '../epoch.ts';
import { importTagKey, TagTable } from '../pair/index.ts';
import type { PairKeys } from '../pair/index.ts';
import type { BeaconKey } from './beacon.ts';
import type { BeaconReaderPeers } from './beacon-reader.ts';

interface DirectedKeys {
  readonly in: BeaconKey;
  readonly out: BeaconKey;
}

/** `Owner` is compared as keys of a map are. */
export class BeaconPeers<Owner> implements BeaconReaderPeers<Owner> {
  readonly #tags: TagTable<Owner>;
  readonly #keys = new Map<Owner, DirectedKeys>();

  constructor(unixMs: number) {
    this.#tags = new TagTable('beacon', unixMs);
  }

  /** All that are in the table, in the order in which they came. */
  get owners(): readonly Owner[] {
    return [...this.#keys.keys()];
  }

  /** The owner's former keys give way. False, and nothing done, where there are 512 already. */
  add(owner: Owner, { beaconIn, beaconOut }: Pick<PairKeys, 'beaconIn' | 'beaconOut'>): boolean {
    if (!this.#tags.add(owner, beaconIn)) return false;
    this.#keys.set(owner, { in: importTagKey(beaconIn), out: importTagKey(beaconOut) });
    return true;
  }

  /** Whether the owner was there. */
  remove(owner: Owner): boolean {
    this.#keys.delete(owner);
    return this.#tags.remove(owner);
  }

  move(unixMs: number): void {
    this.#tags.move(unixMs);
  }

  find(bytes: Uint8Array, at: number): { readonly owner: Owner; readonly epoch: Epoch } | null {
    return this.#tags.find(bytes, at);
  }

  keyIn(owner: Owner): BeaconKey | null {
    return this.#keys.get(owner)?.in ?? null;
  }

  /** The keys of a beacon to these owners; those that are not in the table are left out. */
  keysOut(owners: readonly Owner[]): readonly BeaconKey[] {
    return owners.flatMap((owner) => this.#keys.get(owner)?.out ?? []);
  }
}
