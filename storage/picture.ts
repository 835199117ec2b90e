/** Reads the picture of a line from its record in the journal: the index holds only where it stands. */
import { join } from 'node:path';
import type { Picture } from './entry.ts';
import { decodeEntry } from './entry-codec.ts';
import { explainFailure } from './files/failure.ts';
import type { Files } from './files/files.ts';
import {
  decodeHeader,
  decodeRecord,
  deriveFileKey,
  headerBytes,
  plainBytesLimit,
  recordOverheadBytes,
} from './journal/format.ts';
import { journalName } from './journal/journal-reader.ts';
import type { LogKey } from './key/key-file.ts';
import type { LogError, Result } from './log.ts';

/** The picture in the record at byte `at` of a file. */
export async function readPicture(
  source: { readonly files: Files; readonly folder: string; readonly key: LogKey },
  place: { readonly fileNumber: number; readonly at: number },
): Promise<Result<Picture | null, LogError>> {
  const { files, folder, key } = source;
  try {
    const file = await files.open(join(folder, journalName(place.fileNumber)), 'read');
    try {
      const head = decodeHeader(await file.read(0, headerBytes));
      const bytes = await file.read(place.at, recordOverheadBytes + plainBytesLimit);
      const record = head === null ? null : decodeRecord(deriveFileKey(key.key, head.header), bytes, 0, 1);
      const entry = record?.kind === 'record' ? decodeEntry(record.plain) : null;
      if (entry?.ok === true && 'picture' in entry.value) return { ok: true, value: entry.value.picture };
      const message = 'The picture of that line is damaged on the disk. The line itself is kept.';
      return { ok: false, error: { kind: 'damaged', message } };
    } finally {
      await file.close();
    }
  } catch (error) {
    const what = 'The picture of that line could not be read';
    return { ok: false, error: explainFailure(error, what, 'The line itself is kept.') };
  }
}
