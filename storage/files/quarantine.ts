/**
 * The folder `quarantine/`: copies of bytes in which no record was found, so that what a repair or a rewrite takes away
 * can still be looked at. `spec/LOG-FORMAT.md`.
 */
import { join } from 'node:path';
import { replaceFile } from './files.ts';
import type { Files } from './files.ts';

export const quarantineFolder = 'quarantine';
/** A damaged range beyond this is only named, not copied: it stays in its file anyway. */
const copyBytesLimit = 8 * 1024 * 1024;

/** Bytes `from` to `to` of the file `name`; `label` names the file in the copy's name. */
export interface DamagedBytes {
  readonly name: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** Copies each range once; zeros are not worth a copy. Throws what the disk throws. */
export async function copyAside(files: Files, folder: string, ranges: readonly DamagedBytes[]): Promise<void> {
  if (ranges.length === 0) return;
  const aside = join(folder, quarantineFolder);
  await files.makeFolder(aside);
  const present = new Set(await files.list(aside));
  for (const { name, label, from, to } of ranges) {
    const copyName = `${label}-from-${from}-to-${to}.bin`;
    if (present.has(copyName)) continue;
    const file = await files.open(join(folder, name), 'read');
    try {
      const bytes = await file.read(from, Math.min(to - from, copyBytesLimit));
      if (bytes.some((byte) => byte !== 0)) await replaceFile(files, aside, copyName, [bytes]);
    } finally {
      await file.close();
    }
  }
}

/** Moves a whole file aside, under a name that is free. Throws what the disk throws. */
export async function moveAside(files: Files, folder: string, name: string, asideName: string): Promise<void> {
  const aside = join(folder, quarantineFolder);
  await files.makeFolder(aside);
  await files.rename(join(folder, name), join(aside, asideName));
  await files.syncFolder(aside);
  await files.syncFolder(folder);
}
