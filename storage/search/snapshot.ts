/**
 * The index on disk: one encrypted copy of the database beside the position in the journal up to which it counts. It is
 * derived and disposable: whatever does not fit (another log, another schema, a journal that is not what it was) makes
 * it worthless, and the index is built from the journal. `spec/LOG-FORMAT.md`, "Snapshot".
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode, readWhole, replaceFile } from '../files/files.ts';
import type { Files } from '../files/files.ts';
import { journalName } from '../journal/journal-reader.ts';
import type { JournalPosition } from '../journal/journal-reader.ts';
import type { LogKey } from '../key/key-file.ts';
import { schemaVersion } from './schema.ts';

export const snapshotName = 'index.lks';
const magic = new TextEncoder().encode('LKSNAP\r\n');
const headBytes = 8 + 4 + 16 + 16 + 12;
const tagBytes = 16;
/** Hundreds of bytes a line: some millions of lines. */
const snapshotBytesLimit = 1024 * 1024 * 1024;

const aboutSchema = v.object({
  fileNumber: v.number(),
  offset: v.number(),
  nextSequence: v.number(),
  /** The last bytes of the journal before the position, in hex: the tag of a record proves that it is the same journal. */
  proof: v.string(),
  problems: v.array(v.string()),
});

/** What a snapshot says beside the database. */
export type SnapshotAbout = v.InferOutput<typeof aboutSchema>;

export interface Snapshot {
  readonly about: SnapshotAbout;
  /** The exported database. */
  readonly database: Uint8Array;
}

function deriveKey(key: LogKey, salt: Uint8Array): Uint8Array {
  const info = Buffer.concat([Buffer.from('lobbykeep snapshot 1 '), key.logId]);
  return new Uint8Array(hkdfSync('sha256', key.key, salt, info, 32));
}

/** The last bytes of the journal before the position (the tag of its last record), in hex; null where it is shorter. */
export async function readProof(files: Files, folder: string, position: JournalPosition): Promise<string | null> {
  const length = Math.min(tagBytes, position.offset);
  try {
    const file = await files.open(join(folder, journalName(position.fileNumber)), 'read');
    try {
      const bytes = await file.read(position.offset - length, length);
      return bytes.length === length ? Buffer.from(bytes).toString('hex') : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Throws what the disk throws; the snapshot before it then stays. */
export async function writeSnapshot(
  files: Files,
  folder: string,
  key: LogKey,
  random: (count: number) => Uint8Array,
  snapshot: Snapshot,
): Promise<void> {
  const head = Buffer.alloc(headBytes);
  const [salt, nonce] = [random(16), random(12)];
  head.set(magic, 0);
  head.writeUInt32LE(schemaVersion, 8);
  head.set(key.logId, 12);
  head.set(salt, 28);
  head.set(nonce, 44);
  const about = Buffer.from(JSON.stringify(snapshot.about));
  const aboutLength = Buffer.alloc(4);
  aboutLength.writeUInt32LE(about.length);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(key, salt), nonce).setAAD(head);
  const pieces = [head, cipher.update(aboutLength), cipher.update(about), cipher.update(snapshot.database)];
  cipher.final();
  await replaceFile(files, folder, snapshotName, [...pieces, cipher.getAuthTag()]);
}

function decrypt(bytes: Uint8Array, key: LogKey): Uint8Array | null {
  if (bytes.length < headBytes + 4 + tagBytes) return null;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, headBytes);
  if (!magic.every((byte, index) => head[index] === byte) || head.readUInt32LE(8) !== schemaVersion) return null;
  if (!head.subarray(12, 28).equals(key.logId)) return null;
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, head.subarray(28, 44)), head.subarray(44));
  decipher.setAAD(head).setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const plain = decipher.update(bytes.subarray(headBytes, bytes.length - tagBytes));
  try {
    decipher.final();
    return plain;
  } catch (error) {
    // The only failure of final() is a tag that does not fit: a damaged snapshot.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The snapshot, if it is whole and the journal still holds what it was made of; else null. */
export async function readSnapshot(files: Files, folder: string, key: LogKey): Promise<Snapshot | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readWhole(files, join(folder, snapshotName), snapshotBytesLimit);
  } catch (error) {
    // Disposable: one that is not there or cannot be read costs time, not lines.
    if (errorCode(error) === '') throw error;
    return null;
  }
  const plain = decrypt(bytes, key);
  if (plain === null) return null;
  const aboutEnd = 4 + new DataView(plain.buffer, plain.byteOffset).getUint32(0, true);
  const about = v.safeParse(aboutSchema, JSON.parse(new TextDecoder().decode(plain.subarray(4, aboutEnd))));
  if (!about.success || (await readProof(files, folder, about.output)) !== about.output.proof) return null;
  return { about: about.output, database: plain.subarray(aboutEnd) };
}
