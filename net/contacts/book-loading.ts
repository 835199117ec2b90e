/**
 * Opens what the state store holds of the book. A record that cannot be read is reported and left as it is; keys of this
 * device that cannot be read, or are gone while contacts are there, stop everything: a silent new identity would lose all.
 */
import type { Result } from '../../storage/index.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { decodeIdentity, encodeIdentity, makeIdentity } from '../identity/index.ts';
import type { Identity } from '../identity/index.ts';
import type { RandomBytes } from '../world.ts';
import { BookPages } from './book-pages.ts';
import { BOOK_PREFIX, IDENTITY_KEY, decodeRecord, encodeRecord, peerOfKey } from './book-record.ts';
import type { BookRecord } from './book-record.ts';
import { fail, notKept } from './contact-error.ts';
import type { ContactError } from './contact-error.ts';
import { Sightings } from './sightings.ts';
import { StampBook } from './stamps.ts';

export interface LoadedBook {
  readonly identity: Identity;
  readonly pages: BookPages;
  readonly stamps: StampBook;
  readonly sightings: Sightings;
  /** A sentence for each record that cannot be read. */
  readonly problems: readonly string[];
}

/** Makes an identity where the store holds nothing of the book; resolves when it is on disk. */
export async function loadBook(store: StateStore, random: RandomBytes): Promise<Result<LoadedBook, ContactError>> {
  const entries = store.list(BOOK_PREFIX);
  const loaded = { pages: new BookPages(), stamps: new StampBook(store), sightings: new Sightings(store) };
  const problems: string[] = [];
  const records: BookRecord[] = [];
  for (const [key, value] of entries) {
    if (key === IDENTITY_KEY) continue;
    const record = decodeRecord(key, value);
    if (record !== null) {
      records.push(record);
      continue;
    }
    const peer = peerOfKey(key);
    if (peer !== null) loaded.pages.markDamaged(peer);
    problems.push(explainDamage(key));
  }
  for (const record of records) fill(loaded, record);
  const leftovers = records.filter((record) => !fillOfPeer(loaded, record));
  const identity = openIdentity(store.get(IDENTITY_KEY), entries.length, random);
  if (!identity.ok) return identity;
  const changes = leftovers.map((record): StateChange => ({ key: encodeRecord(record).key, value: null }));
  if (store.get(IDENTITY_KEY) === null) {
    changes.push({ key: IDENTITY_KEY, value: encodeIdentity(identity.value) });
  }
  const before = changes.map(({ key }): StateChange => ({ key, value: store.get(key) }));
  const written = changes.length === 0 ? null : await store.write(changes);
  if (written?.ok === false) {
    // The store holds on to what failed, and the next try must not take keys that are on no disk for kept ones.
    await store.write(before);
    return notKept(written.error);
  }
  return { ok: true, value: { identity: identity.value, ...loaded, problems } };
}

/** Persons and all that stands alone; what belongs to a person comes after. */
function fill(loaded: Pick<LoadedBook, 'pages'>, record: BookRecord): void {
  switch (record.kind) {
    case 'profile':
    case 'token':
    case 'person':
      loaded.pages.apply(record);
      break;
    case 'seen':
    case 'stamp-in':
    case 'stamp-out':
      break;
  }
}

/** False for what belongs to nobody who is in the book: it was written while its person was being removed. */
function fillOfPeer(loaded: Omit<LoadedBook, 'identity' | 'problems'>, record: BookRecord): boolean {
  const { pages, stamps, sightings } = loaded;
  switch (record.kind) {
    case 'profile':
    case 'token':
    case 'person':
      return true;
    case 'seen':
      if (pages.person(record.peer)?.state !== 'accepted') return pages.isDamaged(record.peer);
      sightings.load(record.peer, record.seen);
      return true;
    case 'stamp-in':
    case 'stamp-out':
      if (pages.person(record.peer) === null) return pages.isDamaged(record.peer);
      stamps.load(record.kind, record.peer, record.stamp);
      return true;
  }
}

function openIdentity(text: string | null, entryCount: number, random: RandomBytes): Result<Identity, ContactError> {
  if (text !== null) {
    const decoded = decodeIdentity(text);
    return decoded.ok ? decoded : fail('damaged-identity', decoded.error.message);
  }
  if (entryCount === 0) return { ok: true, value: makeIdentity(random) };
  const message =
    'The keys that tell who you are to your contacts are gone, while the contacts are still there. Nothing was changed. ' +
    'Restore a backup of your contacts.';
  return fail('damaged-identity', message);
}

/** Names the record, not its contents. */
function explainDamage(key: string): string {
  const advice = 'It was left as it is. Restore a backup of your contacts, or remove the person and ask anew.';
  return `The record “${key.slice(BOOK_PREFIX.length)}” of your contacts cannot be read. ${advice}`;
}
