/**
 * What a writer does about what `journal-reader.ts` found, before it appends: copies bytes that hold no record into
 * `quarantine/`, then cuts the torn tail. Damage in the middle stays where it is; a reader steps over it.
 */
import { join } from 'node:path';
import type { Files } from '../files/files.ts';
import { replaceFile } from '../files/files.ts';
import { journalName } from './journal-reader.ts';
import type { JournalReading, Quarantine } from './journal-reader.ts';

/** A damaged range beyond this is only named, not copied: it stays in its file anyway. */
const copyBytesLimit = 8 * 1024 * 1024;

function quarantineName(range: Quarantine): string {
  return `journal-${String(range.fileNumber).padStart(6, '0')}-from-${range.from}-to-${range.to}.bin`;
}

async function copyAside(files: Files, folder: string, ranges: readonly Quarantine[]): Promise<void> {
  if (ranges.length === 0) return;
  const aside = join(folder, 'quarantine');
  await files.makeFolder(aside);
  const present = new Set(await files.list(aside));
  for (const range of ranges) {
    const name = quarantineName(range);
    if (present.has(name)) continue;
    const file = await files.open(join(folder, journalName(range.fileNumber)), 'read');
    try {
      const bytes = await file.read(range.from, Math.min(range.to - range.from, copyBytesLimit));
      if (bytes.some((byte) => byte !== 0)) await replaceFile(files, aside, name, [bytes]);
    } finally {
      await file.close();
    }
  }
}

/** Throws what the disk throws; then nothing was cut. */
export async function repairJournal(files: Files, folder: string, reading: JournalReading): Promise<void> {
  await copyAside(files, folder, reading.quarantines);
  if (reading.tail.kind !== 'torn') return;
  const file = await files.open(join(folder, journalName(reading.position.fileNumber)), 'write');
  try {
    await file.truncate(reading.position.offset);
    await file.sync();
  } finally {
    await file.close();
  }
}
