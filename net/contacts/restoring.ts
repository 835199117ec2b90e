/**
 * Puts a backup in the place of the book of a store, all at once: a power cut leaves the old book or the restored one. The
 * person is the same, her feeds begin a new generation. To be done while no book is open on the store.
 */
import type { Result, UnixMs } from '../../storage/index.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { FEED_GENERATION_BYTES, decodeIdentity, encodeIdentity } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { RandomBytes } from '../world.ts';
import { damaged, openBackup } from './backup-file.ts';
import type { BackupError } from './backup-file.ts';
import { BOOK_PREFIX, IDENTITY_KEY, decodeRecord, encodeRecord, personKey } from './book-record.ts';
import type { BookRecord } from './book-record.ts';
import { adviseOn } from './contact-error.ts';

export interface Restored {
  readonly peerId: PeerId;
  /** When the backup was made. */
  readonly madeMs: UnixMs;
  readonly contacts: number;
}

/** Refused, and nothing changed, unless every record of the backup is right and the disk kept all of them. */
export async function restoreBackup(
  store: StateStore,
  text: string,
  passphrase: string,
  random: RandomBytes,
): Promise<Result<Restored, BackupError>> {
  const opened = await openBackup(text, passphrase);
  if (!opened.ok) return opened;
  const { madeMs, entries } = opened.value;
  const identity = decodeIdentity(opened.value.identity);
  if (!identity.ok) return damaged();
  const wanted = new Map<string, BookRecord>();
  for (const [key, value] of entries) {
    const record = decodeRecord(key, value);
    if (record === null) return damaged();
    wanted.set(key, record);
  }
  const restored = identity.value.withGeneration(random(FEED_GENERATION_BYTES));
  keepStamps(store, restored.peerId, wanted);
  const changes = new Map<string, StateChange>();
  for (const [key] of store.list(BOOK_PREFIX)) changes.set(key, { key, value: null });
  for (const [key, record] of wanted) changes.set(key, encodeRecord(record));
  changes.set(IDENTITY_KEY, { key: IDENTITY_KEY, value: encodeIdentity(restored) });
  const before = [...changes.keys()].map((key): StateChange => ({ key, value: store.get(key) }));
  const written = await store.write([...changes.values()]);
  if (!written.ok) {
    // The store would bring it to disk with the next write: what was there before goes behind it.
    await store.write(before);
    const message = `The backup could not be kept, so nothing was restored. ${adviseOn(written.error)}`;
    return { ok: false, error: { kind: 'not-kept', message } };
  }
  const contacts = [...wanted.values()].filter(
    (record) => record.kind === 'person' && record.person.state === 'accepted',
  ).length;
  return { ok: true, value: { peerId: restored.peerId, madeMs, contacts } };
}

/**
 * On the device that made the backup stamps never go back: what its peers took, and what it took, is past. Puts into `wanted`
 * the stamps that the store holds of the same person, where they are greater.
 */
function keepStamps(store: StateStore, restored: PeerId, wanted: Map<string, BookRecord>): void {
  const text = store.get(IDENTITY_KEY);
  const identity = text === null ? null : decodeIdentity(text);
  if (identity?.ok !== true || identity.value.peerId !== restored) return;
  for (const [key, value] of store.list(BOOK_PREFIX)) {
    const present = decodeRecord(key, value);
    if (present?.kind !== 'stamp-in' && present?.kind !== 'stamp-out') continue;
    const kept = wanted.get(key);
    const isPast = kept?.kind === present.kind && kept.stamp >= present.stamp;
    if (!isPast && wanted.has(personKey(present.peer))) wanted.set(key, present);
  }
}
