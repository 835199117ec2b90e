/**
 * Whose tag is this? All tags that peers may send within the reach of the own epoch, in one map: a packet of a stranger
 * costs one look-up. When the epoch moves, only the epochs that came into reach are computed; when the clock jumps out of
 * reach, all are, once, however far it went.
 */
import type { KeyObject } from 'node:crypto';
import { epochOf, epochsAround } from '../epoch.ts';
import type { Epoch } from '../epoch.ts';
import { TAG_BYTES, computeTagOf, importTagKey, tagMessage } from './tag.ts';
import type { TagUse } from './tag.ts';

/** 256 peers, each of whom may be known by two pair secrets until a session was made. */
export const TAG_KEYS_LIMIT = 512;

export interface TagMatch<Owner> {
  readonly owner: Owner;
  /** The sender's epoch: how far its clock is from here. */
  readonly epoch: Epoch;
}

interface TagKey<Owner> {
  readonly owner: Owner;
  readonly key: KeyObject;
  /** The tag of each epoch in reach. */
  readonly tags: Map<Epoch, string>;
}

/** An epoch in reach, and what its tags are made of. */
interface ReachedEpoch {
  readonly epoch: Epoch;
  readonly message: Uint8Array;
}

/** `Owner` is what stands for a peer, or for one of its pair secrets; compared as keys of a map are. */
export class TagTable<Owner> {
  readonly #use: TagUse;
  readonly #keys = new Map<Owner, TagKey<Owner>>();
  readonly #matches = new Map<string, TagMatch<Owner>>();
  #reached: readonly ReachedEpoch[];

  constructor(use: TagUse, unixMs: number) {
    this.#use = use;
    this.#reached = epochsAround(epochOf(unixMs)).map((epoch) => this.#reach(epoch));
  }

  /** Owners in the table. */
  get count(): number {
    return this.#keys.size;
  }

  /**
   * Computes 97 tags, 0.3 ms. The owner's former key gives way. False, and nothing done, where the table is full.
   * @throws RangeError unless `key` has 32 bytes.
   */
  add(owner: Owner, key: Uint8Array): boolean {
    const tagKey: TagKey<Owner> = { owner, key: importTagKey(key), tags: new Map() };
    if (!this.#keys.has(owner) && this.#keys.size >= TAG_KEYS_LIMIT) return false;
    this.remove(owner);
    this.#keys.set(owner, tagKey);
    for (const reached of this.#reached) this.#addTag(tagKey, reached);
    return true;
  }

  /** Whether the owner was there. */
  remove(owner: Owner): boolean {
    const tagKey = this.#keys.get(owner);
    if (tagKey === undefined) return false;
    this.#keys.delete(owner);
    for (const tag of tagKey.tags.values()) this.#removeTag(tagKey, tag);
    return true;
  }

  /** Call it before looking up, with the present time: it costs nothing while the epoch is the same. */
  move(unixMs: number): void {
    const epochs = epochsAround(epochOf(unixMs));
    const [first] = this.#reached;
    if (epochs[0] === first?.epoch && epochs.length === this.#reached.length) return;
    const wanted = new Set(epochs);
    const former = new Map(this.#reached.map((reached) => [reached.epoch, reached]));
    const gone = [...former.keys()].filter((epoch) => !wanted.has(epoch));
    this.#reached = epochs.map((epoch) => former.get(epoch) ?? this.#reach(epoch));
    const fresh = this.#reached.filter(({ epoch }) => !former.has(epoch));
    for (const tagKey of this.#keys.values()) {
      for (const epoch of gone) {
        const tag = tagKey.tags.get(epoch);
        if (tag !== undefined) this.#removeTag(tagKey, tag);
        tagKey.tags.delete(epoch);
      }
      for (const reached of fresh) this.#addTag(tagKey, reached);
    }
  }

  /** Whose tag stands in `bytes` from `at`; null where it is nobody's or not all 8 bytes are there. */
  find(bytes: Uint8Array, at = 0): TagMatch<Owner> | null {
    if (bytes.length < at + TAG_BYTES) return null;
    return this.#matches.get(toMapKey(bytes.subarray(at, at + TAG_BYTES))) ?? null;
  }

  #reach(epoch: Epoch): ReachedEpoch {
    return { epoch, message: tagMessage(this.#use, epoch) };
  }

  #addTag(tagKey: TagKey<Owner>, { epoch, message }: ReachedEpoch): void {
    const tag = toMapKey(computeTagOf(tagKey.key, message));
    tagKey.tags.set(epoch, tag);
    // Two tags are the same once in 2^64 pairs: then the first stays, and the other peer's next epoch helps.
    if (!this.#matches.has(tag)) this.#matches.set(tag, { owner: tagKey.owner, epoch });
  }

  #removeTag(tagKey: TagKey<Owner>, tag: string): void {
    if (this.#matches.get(tag)?.owner === tagKey.owner) this.#matches.delete(tag);
  }
}

/** Eight characters, one a byte. */
function toMapKey(tag: Uint8Array): string {
  return Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength).toString('latin1');
}
