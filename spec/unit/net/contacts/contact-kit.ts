/**
 * What the tests of the contact book share: a state store in memory whose writes fail or are lost as told, and people who
 * ask one another without a network.
 */
import assert from 'node:assert/strict';
import { makeRequestToken, toRequestToken } from '../../../../net/code/index.ts';
import type { RequestToken } from '../../../../net/code/index.ts';
import { ContactBook } from '../../../../net/contacts/index.ts';
import type { BookRequest } from '../../../../net/contacts/index.ts';
import { Identity, encodeIdentity, fromHex } from '../../../../net/identity/index.ts';
import { toContactKey, toPeerId } from '../../../../net/peer-id.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import type { LogError, Result } from '../../../../storage/index.ts';
import type { StateChange, StateStore } from '../../../../storage/state.ts';
import { SetClock, seededBytes, startMs, valueOf } from '../people-kit.ts';

/**
 * `keep`; `fail`: an error, and the store holds on to the changes until the next write, as the real one does; `refuse`: an
 * error, and nothing changed; `fail-late`: an error, and yet all of it on disk, as when only the last fsync failed;
 * `hang`: kept, but not before `release`.
 */
export type WriteFate = 'keep' | 'fail' | 'refuse' | 'fail-late' | 'hang';

export class MemoryState implements StateStore {
  readonly #durable = new Map<string, string>();
  /** Writes that are not on disk yet, in the order of the calls. */
  readonly #owed: (readonly StateChange[])[] = [];
  #order: Promise<unknown> = Promise.resolve();
  #release: (() => void)[] = [];
  /** Writes so far. */
  writes = 0;
  /** What becomes of write number `index`, from 0. */
  fate: (index: number) => WriteFate = () => 'keep';

  get(key: string): string | null {
    for (const changes of this.#owed.toReversed()) {
      const change = changes.findLast((change) => change.key === key);
      if (change !== undefined) return change.value;
    }
    return this.#durable.get(key) ?? null;
  }

  list(prefix: string): readonly (readonly [key: string, value: string])[] {
    const keys = new Set([...this.#durable.keys(), ...this.#owed.flat().map(({ key }) => key)]);
    const listed: (readonly [string, string])[] = [];
    for (const key of [...keys].filter((key) => key.startsWith(prefix)).sort()) {
      const value = this.get(key);
      if (value !== null) listed.push([key, value]);
    }
    return listed;
  }

  async write(changes: readonly StateChange[]): Promise<Result<void, LogError>> {
    for (const { key, value } of changes) {
      if (key.length < 1 || key.length > 200) throw new RangeError(`Expected 1 to 200 characters for the key: ${key}`);
      if (value !== null && Buffer.byteLength(value) > 65_536) throw new RangeError(`Expected at most 64 KiB: ${key}`);
      if (value !== null) JSON.parse(value);
    }
    const fate = this.fate(this.writes);
    this.writes += 1;
    const failed = {
      ok: false,
      error: { kind: 'disk-full', message: 'It is tried again with the next change.' },
    } as const;
    if (fate === 'refuse') return failed;
    this.#owed.push(changes);
    const held = fate === 'hang' ? new Promise<void>((resolve) => this.#release.push(resolve)) : Promise.resolve();
    const turn = Promise.all([this.#order, held]);
    this.#order = turn;
    await turn;
    if (fate === 'fail') return failed;
    for (const owed of this.#owed.splice(0, this.#owed.indexOf(changes) + 1)) this.#put(owed);
    return fate === 'fail-late' ? failed : { ok: true, value: undefined };
  }

  /** Lets the writes that hang come to their end. */
  release(): void {
    for (const resolve of this.#release.splice(0)) resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The disk as a power cut would leave it. */
  crash(): MemoryState {
    const after = new MemoryState();
    after.#put([...this.#durable].map(([key, value]) => ({ key, value })));
    return after;
  }

  /** Sets a value as it is. */
  put(key: string, value: string | null): void {
    this.#put([{ key, value }]);
  }

  #put(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#durable.delete(key);
      else this.#durable.set(key, value);
    }
  }
}

/** A book and the world that it stands in. */
export interface Owner {
  readonly book: ContactBook;
  readonly store: MemoryState;
  readonly clock: SetClock;
}

export async function openBook(store = new MemoryState(), seed = 'owner', clock = new SetClock()): Promise<Owner> {
  const book = valueOf(await ContactBook.open({ store, random: seededBytes(`${seed} ${store.writes}`), clock }));
  return { book, store, clock };
}

/** The same book as it is on disk. */
export function reopen(owner: Owner): Promise<Owner> {
  return openBook(owner.store.crash(), 'reopened', owner.clock);
}

function byPeer<T extends { readonly peer: PeerId }>(list: readonly T[]): readonly T[] {
  return [...list].sort((one, other) => one.peer.localeCompare(other.peer));
}

/** What the book tells of everybody, in an order that does not depend on what came first. */
export function everything({ book }: Owner): unknown {
  const known = [...book.knownPeers()].sort().map((peer) => [peer, book.secretsOf(peer)]);
  const lists = [book.contacts(), book.waiting(), book.asked(), book.refused()].map((list) =>
    byPeer<{ peer: PeerId }>(list),
  );
  const tokens = [...book.tokens()].sort((one, other) => one.token.localeCompare(other.token));
  return { name: book.name, own: book.identity.peerId, known, lists, tokens };
}

/** A restart changes nothing. */
export async function assertSurvives(owner: Owner): Promise<void> {
  assert.deepEqual(everything(await reopen(owner)), everything(owner));
}

/** A store that holds an identity, whose making takes milliseconds, made once for all. */
export function storeWithIdentity(): MemoryState {
  const store = new MemoryState();
  store.put('contacts/identity', identityText);
  return store;
}

const identityText = encodeIdentity(
  new Identity(seededBytes('owner contact')(32), seededBytes('owner signing')(32), seededBytes('generation')(8)),
);

/** Somebody else, without a device: any 32 bytes below the field's size will do for a contact key. */
export function stranger(name: string): PeerId {
  const key = seededBytes(`stranger ${name}`)(32);
  key[31] = (key[31] ?? 0) & 0x3f;
  return toPeerId(key);
}

export const guestToken = makeRequestToken(seededBytes('guest token'));

/** The code of somebody else. */
export function codeOf(
  peer: PeerId,
  token: RequestToken = guestToken,
): { contactKey: Uint8Array; token: RequestToken } {
  return { contactKey: toContactKey(peer), token };
}

/** A request as the door opens it; the secret and the signing key depend on `secretOf` and the peer. */
export function requestFrom(peer: PeerId, more: Partial<BookRequest> & { secretOf?: string } = {}): BookRequest {
  const { secretOf = peer, ...rest } = more;
  const made = {
    peer,
    name: 'Guest',
    note: 'Hello',
    sentMs: startMs,
    secret: seededBytes(`secret ${secretOf}`)(32),
    signing: seededBytes(`signing ${peer}`)(32),
    token: toRequestToken(fromHex(guestToken)),
  };
  return { ...made, ...rest };
}
