/** Rendered lines, as `assets/ocr/train/dump.py` writes them: a folder with strips.json and a picture a line. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import type { FusedStrip } from '../../../capture/index.ts';
import { lettersOf } from './recorded-strips.ts';

export interface RenderedStrip {
  readonly strip: FusedStrip;
  /** What is written there; nothing in some. */
  readonly letters: readonly string[];
}

const listFile = 'strips.json';
const listSchema = v.array(v.object({ file: v.pipe(v.string(), v.regex(/^[\w.]+$/)), text: v.string() }));

export function holdsRenderedStrips(folder: string): boolean {
  return existsSync(join(folder, listFile));
}

/** Each as one frame. Those in letters that Tesseract's English does not have are left out: they would not be its fault. */
export async function loadRenderedStrips(folder: string): Promise<readonly RenderedStrip[]> {
  const list = v.parse(listSchema, JSON.parse(readFileSync(join(folder, listFile), 'utf8')));
  const strips: RenderedStrip[] = [];
  for (const { file, text } of list) {
    if (/[^\x20-\x7e]/.test(text)) continue;
    const picture = sharp(join(folder, file)).removeAlpha().toColourspace('srgb').raw();
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data);
    const { width, height } = info;
    strips.push({
      strip: { width, height, frames: 1, mean: pixels, min: pixels, max: pixels, mask: null },
      letters: lettersOf(text),
    });
  }
  return strips;
}
