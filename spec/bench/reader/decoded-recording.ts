/**
 * A recording decoded once, for the processes of the benchmark: the region's pixels in one file, and beside it the
 * pictures that a program which reads whole frames makes of them (grey, doubled in size, inverted).
 */
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { listFrames, loadFrame, readRegion } from '../../../capture/index.ts';
import type { Frame } from '../../../capture/index.ts';
import { must } from '../ocr/recorded-strips.ts';

const indexSchema = v.object({
  frames: v.array(v.object({ tMs: v.number(), width: v.number(), height: v.number() })),
  pictures: v.array(v.object({ tMs: v.number(), file: v.string() })),
});

export type DecodedIndex = v.InferOutput<typeof indexSchema>;

const INDEX = 'index.json';
const PIXELS = 'frames.rgba';

/**
 * Decodes `recording` into the folder `to`.
 * @param every a picture is made of one frame in so many; null: of none.
 */
export async function decodeRecording(recording: string, to: string, every: number | null): Promise<DecodedIndex> {
  const region = await must(readRegion(recording));
  const index: DecodedIndex = { frames: [], pictures: [] };
  const pixels = openSync(join(to, PIXELS), 'w');
  for (const [at, path] of (await must(listFrames(recording))).entries()) {
    const frame = await loadFrame(path, region);
    if (!frame.ok) throw new Error(frame.error);
    const { tMs, width, height } = frame.value;
    writeSync(pixels, frame.value.pixels);
    index.frames.push({ tMs, width, height });
    if (every === null || at % every !== 0) continue;
    const file = join(to, `${tMs}.pgm`);
    writeFileSync(file, await doubled(frame.value));
    index.pictures.push({ tMs, file });
  }
  closeSync(pixels);
  writeFileSync(join(to, INDEX), JSON.stringify(index));
  return index;
}

/** Portable greymap, which both Tesseracts take as it is. */
async function doubled({ width, height, pixels }: Frame): Promise<Uint8Array> {
  const grey = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .greyscale()
    .resize(width * 2, height * 2, { kernel: 'cubic' })
    .negate()
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return Buffer.concat([Buffer.from(`P5\n${width * 2} ${height * 2}\n255\n`), grey]);
}

export function readIndex(folder: string): DecodedIndex {
  return v.parse(indexSchema, JSON.parse(readFileSync(join(folder, INDEX), 'utf8')));
}

/** The frames of a decoded recording, each in memory of its own, as a live source delivers them. */
export function* framesOf(folder: string): Iterable<Frame> {
  const pixels = openSync(join(folder, PIXELS), 'r');
  try {
    for (const { tMs, width, height } of readIndex(folder).frames) {
      const bytes = new Uint8Array(width * height * 4);
      if (readSync(pixels, bytes) !== bytes.length) throw new Error(`Expected ${bytes.length} bytes of pixels`);
      yield { tMs, width, height, pixels: bytes };
    }
  } finally {
    closeSync(pixels);
  }
}
