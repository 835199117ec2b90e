/**
 * What a writer does about what `journal-reader.ts` found, before it appends: copies bytes that hold no record into
 * `quarantine/`, then cuts the torn tail and makes what was read durable. Damage in the middle stays where it is; a reader
 * steps over it.
 */
import { join } from 'node:path';
import type { Files } from '../files/files.ts';
import { copyAside } from '../files/quarantine.ts';
import { journalName } from './journal-reader.ts';
import type { JournalReading } from './journal-reader.ts';

/** Throws what the disk throws; then nothing was cut. */
export async function repairJournal(files: Files, folder: string, reading: JournalReading): Promise<void> {
  await copyAside(
    files,
    folder,
    reading.quarantines.map(({ fileNumber, from, to }) => {
      const name = journalName(fileNumber);
      return { name, label: name.replace(/\.lkj$/, ''), from, to };
    }),
  );
  const { position, tail } = reading;
  if (tail.kind === 'empty' || tail.kind === 'torn-header') return;
  const file = await files.open(join(folder, journalName(position.fileNumber)), 'write');
  try {
    if (tail.kind === 'torn') await file.truncate(position.offset);
    // A record whose fsync failed may stand here, whole, and not be on the disk yet. It was read, so what comes next counts
    // on it: a fresh file's first sequence, the snapshot.
    await file.sync();
  } finally {
    await file.close();
  }
}
