/** What the tests of the reader's process share: the reading of two regions, with the real engine, and what comes out of it. */
import { join } from 'node:path';
import type { ReaderParcel } from '../../../overlay/ipc/index.ts';
import { Outbox } from '../../../overlay/reader/outbox.ts';
import { RegionReading } from '../../../overlay/reader/region-reading.ts';
import { REPO_ROOT } from '../../../overlay/runtime/paths.mjs';

export interface RegionRun {
  readonly reading: RegionReading;
  /** What was told, in order. */
  readonly parcels: readonly ReaderParcel[];
  /** Notices, losses and mistakes. */
  readonly problems: readonly unknown[];
}

/** @param folder where the learned font is kept. */
export async function readTwoRegions(folder: string): Promise<RegionRun> {
  const parcels: ReaderParcel[] = [];
  const problems: unknown[] = [];
  const reading = await RegionReading.begin({
    profile: 'generic',
    profileFolders: [join(REPO_ROOT, 'assets', 'profiles')],
    modelFolder: join(REPO_ROOT, 'assets', 'ocr'),
    languages: ['eng'],
    fontPath: join(folder, 'game.font'),
    known: [[], []],
    run: 'a',
    outbox: new Outbox({ send: (parcel) => parcels.push(parcel), onLost: () => problems.push('lost') }),
    post: (message) => {
      if (message.kind === 'notice') problems.push(message.text);
    },
    onTaken: () => {},
    onError: (error) => problems.push(error),
    elapsedMs: () => performance.now(),
  });
  if (reading === null) throw new Error('the generic profile could not be read');
  return { reading, parcels, problems };
}
